"""What is measured: a badge as providers issue it, and a status list in which one badge in a hundred is revoked."""

from dataclasses import replace
from functools import cache

from badges.model import Alignment
from badges.status import MIN_BITS, permute
from keys.signer import LocalSigner
from tests.foreign import making

REVOKED = MIN_BITS // 100
ITEM = Alignment(
    "データ活用戦略の立案と実行",
    "https://registry.example/frameworks/dss-p/2.0/items/dssp2-2.2-01",
    "dssp2-2.2-01",
    target_description="データを集め、整え、分析し、意思決定に役立てる力。",
    target_framework="DX推進スキル標準 ver.2.0",
    target_type="CFItem",
)
EARNED = replace(making.DATA_BASICS, alignment=(*making.DATA_BASICS.alignment, ITEM))


def badge(signer: LocalSigner, *, status: bool = True) -> dict[str, object]:
    """Return an unsigned badge with Japanese text, two items, a level reached, and a place in the list."""
    return making.badge(signer, earned=EARNED, status=status)


@cache
def revocations(signer: LocalSigner) -> str:
    """Return the signed status list; the badge's own place in it is not set."""
    slots = (permute(counter, b"benchmark") for counter in range(REVOKED))
    return making.status_list(signer, *(slot for slot in slots if slot != making.SLOT))
