"""`make bench`: us, our peers and the bare signature side by side, the same badge, medians of one run.

Absolute figures move with the machine; the ratios are what counts.
"""

import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from openbadgeslib import ob3

from badges.proof import Mechanism, sign
from badges.status import build_list, empty
from keys.public_key import Algorithm
from keys.signer import LocalSigner
from tests.foreign.digitalbazaar import FOLDER, DigitalBazaar
from tests.foreign.making import LIST_URL, badge, signer_for
from verifier.lists import StatusLists
from verifier.report import Verdict
from verifier.trust import Trust
from verifier.verify import check_report
from verifier.web import MapWeb

ROUNDS = 7
SECONDS = 0.4
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One measured operation."""

    name: str
    per_second: float


def measure(name: str, operation: Callable[[], object]) -> Row:
    """Return the median rate over `ROUNDS` rounds of `SECONDS` each."""
    operation()
    return Row(name, statistics.median(rate(operation) for _ in range(ROUNDS)))


def rate(operation: Callable[[], object]) -> float:
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        operation()
        count += 1
    return count / (time.perf_counter() - start)


def verification(signer: LocalSigner, mechanism: Mechanism) -> Callable[[], object]:
    """Return the whole check of one badge: form, schema, proof, binding, validity, cached status."""
    text = sign(badge(signer), signer, mechanism).encode()
    web = MapWeb({LIST_URL: status_list(signer)})
    lists, trust = StatusLists(), Trust()

    def check() -> None:
        report = check_report(text, now=NOW, web=web, trust=trust, lists=lists)
        if report.verdict is not Verdict.VERIFIED:
            raise SystemExit(f"the badge of the benchmark is {report.verdict}: {report.findings}")

    return check


def status_list(signer: LocalSigner) -> bytes:
    unsigned = build_list(
        url=LIST_URL,
        issuer=signer.key_id.partition("#")[0],
        purpose="revocation",
        bits=empty(),
        valid_from="2026-11-01T00:00:00Z",
        valid_until="2099-01-01T00:00:00Z",
    )
    return sign(unsigned, signer, Mechanism.VC_JWT).encode()


def ours() -> Iterator[Row]:
    edwards, ecdsa = signer_for(Algorithm.ED25519), signer_for(Algorithm.P256)
    # The bytes that a VC-JWT signs: a bare signature of a shorter message would be cheaper, and compare two things.
    message = sign(badge(ecdsa), ecdsa, Mechanism.VC_JWT).rpartition(".")[0].encode()
    signatures = {one: one.sign(message) for one in (edwards, ecdsa)}
    yield measure("bare Ed25519 sign", lambda: edwards.sign(message))
    yield measure("bare Ed25519 verify", lambda: edwards.public.verify(signatures[edwards], message))
    yield measure("bare ES256 sign", lambda: ecdsa.sign(message))
    yield measure("bare ES256 verify", lambda: ecdsa.public.verify(signatures[ecdsa], message))
    yield measure("VC-JWT ES256 issue", lambda: sign(badge(ecdsa), ecdsa, Mechanism.VC_JWT))
    yield measure("VC-JWT EdDSA issue", lambda: sign(badge(edwards), edwards, Mechanism.VC_JWT))
    yield measure("VC-JWT ES256 verify", verification(ecdsa, Mechanism.VC_JWT))
    yield measure("Data Integrity issue", lambda: sign(badge(edwards), edwards, Mechanism.DATA_INTEGRITY))
    yield measure("Data Integrity verify", verification(edwards, Mechanism.DATA_INTEGRITY))


def openbadgeslib() -> Iterator[Row]:

    edwards, ecdsa = signer_for(Algorithm.ED25519), signer_for(Algorithm.P256)
    token = sign(badge(ecdsa), ecdsa, Mechanism.VC_JWT)
    document = orjson.loads(sign(badge(edwards), edwards, Mechanism.DATA_INTEGRITY))
    served = status_list(ecdsa)
    jwt_verifier, embedded = ob3.OB3Verifier(public_pem(ecdsa)), ob3.OB3LdpVerifier(public_pem(edwards))
    credential = jwt_verifier.verify(token)
    private = ecdsa.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = ob3.OB3Signer(privkey_pem=private, algorithm="ES256")

    def with_status() -> None:
        jwt_verifier.check_status(jwt_verifier.verify(token), download=lambda *_args, **_options: served)

    yield measure("openbadgeslib VC-JWT issue", lambda: signer.sign(credential))
    yield measure("openbadgeslib VC-JWT verify with status", with_status)
    yield measure("openbadgeslib Data Integrity verify", lambda: embedded.verify(document))


def public_pem(signer: LocalSigner) -> bytes:
    return signer.public.raw.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@contextmanager
def digitalbazaar() -> Iterator[DigitalBazaar | None]:
    if shutil.which("node") is None or not (FOLDER / "node_modules").is_dir():
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, DigitalBazaar(Path(folder)) as peer:
        yield peer


def node() -> Iterator[Row]:
    with digitalbazaar() as peer:
        if peer is None:
            print("Node.js or the packages of tests/foreign/js are missing: @digitalbazaar/vc is left out")
            return
        signer = signer_for(Algorithm.ED25519)
        unsigned = badge(signer, status=False)
        document = orjson.loads(sign(unsigned, signer, Mechanism.DATA_INTEGRITY))
        pair = peer.ask("keyPair")["keyPair"]
        unsigned["issuer"]["id"] = pair["controller"]
        for name, request in (
            ("@digitalbazaar/vc Data Integrity issue", {"operation": "issue", "credential": unsigned, "keyPair": pair}),
            ("@digitalbazaar/vc Data Integrity verify", {"operation": "verify", "credential": document}),
        ):
            # Timed inside Node, without the pipe between us.
            yield Row(name, peer.ask("measure", request=request, rounds=ROUNDS, seconds=SECONDS)["perSecond"])


# What we promise: our row, the row it is measured against, the least ratio.
TARGETS = (
    ("VC-JWT ES256 verify", "openbadgeslib VC-JWT verify with status", 3.0),
    ("VC-JWT ES256 issue", "bare ES256 sign", 0.5),
    ("VC-JWT EdDSA issue", "bare Ed25519 sign", 0.5),
    ("Data Integrity issue", "@digitalbazaar/vc Data Integrity issue", 1.0),
    ("Data Integrity verify", "@digitalbazaar/vc Data Integrity verify", 1.0),
)


def main() -> None:
    """Print every median, and each promise with its ratio."""
    warnings.simplefilter("ignore")
    rows = {row.name: row.per_second for source in (ours(), openbadgeslib(), node()) for row in source}
    for name, per_second in rows.items():
        print(f"{name:45} {per_second:10,.0f} /s")
    print()
    for name, against, least in TARGETS:
        if against in rows:
            ratio = rows[name] / rows[against]
            print(
                f"{name:24} {ratio:6.2f} x {against:42} (at least {least:.1f}: {'met' if ratio >= least else 'MISSED'})"
            )


if __name__ == "__main__":
    main()
