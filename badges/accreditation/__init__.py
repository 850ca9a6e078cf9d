"""What the registry says: who may issue what, with which keys, and since when.

Issuer and verifier read the same document by the same rules: one never issues what the other calls unaccredited.
"""

from badges.accreditation.register import (
    Accreditation,
    RegisteredKey,
    RegisteredProvider,
    Scope,
    Snapshot,
    Standing,
    StandingResult,
    Window,
)
from badges.accreditation.snapshot import read_snapshot, write_snapshot
from badges.accreditation.standing import Skills, claimed_skills, standing
from badges.accreditation.vouching import apart, build_accreditation, read_accreditation

__all__ = [
    "Accreditation",
    "RegisteredKey",
    "RegisteredProvider",
    "Scope",
    "Skills",
    "Snapshot",
    "Standing",
    "StandingResult",
    "Window",
    "apart",
    "build_accreditation",
    "claimed_skills",
    "read_accreditation",
    "read_snapshot",
    "standing",
    "write_snapshot",
]
