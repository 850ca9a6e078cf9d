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
from functools import partial
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib import ob3

from badges.proof import Mechanism, sign
from benchmarks.sample import badge, revocations
from keys.public_key import Algorithm
from keys.signer import LocalSigner
from tests.foreign.digitalbazaar import FOLDER, DigitalBazaar
from tests.foreign.making import LIST_URL, pem, signer_for
from verifier.lists import StatusLists
from verifier.report import Verdict
from verifier.trust import Trust
from verifier.verify import check_report
from verifier.web import MapWeb

ROUNDS = 61
SECONDS = 0.05
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Operation:
    """Something to measure: `rate` does it for so many seconds and returns how often in one."""

    name: str
    rate: Callable[[float], float]


def repeated(name: str, once: Callable[[], object]) -> Operation:
    """Return the operation that does one thing again and again in this process."""
    once()

    def rate(seconds: float) -> float:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            once()
            count += 1
        return count / (time.perf_counter() - start)

    return Operation(name, rate)


def verification(signer: LocalSigner, mechanism: Mechanism) -> Callable[[], object]:
    """Return the whole check of one badge: form, schema, proof, binding, validity, cached status."""
    text = sign(badge(signer), signer, mechanism).encode()
    web = MapWeb({LIST_URL: revocations(signer).encode()})
    lists, trust = StatusLists(), Trust()

    def check() -> None:
        report = check_report(text, now=NOW, web=web, trust=trust, lists=lists)
        if report.verdict is not Verdict.VERIFIED:
            raise SystemExit(f"the badge of the benchmark is {report.verdict}: {report.findings}")

    return check


def ours() -> Iterator[Operation]:
    edwards, ecdsa = signer_for(Algorithm.ED25519), signer_for(Algorithm.P256)
    # The bytes that a VC-JWT signs: a bare signature of a shorter message would be cheaper, and compare two things.
    message = sign(badge(ecdsa), ecdsa, Mechanism.VC_JWT).rpartition(".")[0].encode()
    signatures = {one: one.sign(message) for one in (edwards, ecdsa)}
    yield repeated("bare Ed25519 sign", lambda: edwards.sign(message))
    yield repeated("bare Ed25519 verify", lambda: edwards.public.verify(signatures[edwards], message))
    yield repeated("bare ES256 sign", lambda: ecdsa.sign(message))
    yield repeated("bare ES256 verify", lambda: ecdsa.public.verify(signatures[ecdsa], message))
    yield repeated("VC-JWT ES256 issue", lambda: sign(badge(ecdsa), ecdsa, Mechanism.VC_JWT))
    yield repeated("VC-JWT EdDSA issue", lambda: sign(badge(edwards), edwards, Mechanism.VC_JWT))
    yield repeated("VC-JWT ES256 verify", verification(ecdsa, Mechanism.VC_JWT))
    yield repeated("Data Integrity issue", lambda: sign(badge(edwards), edwards, Mechanism.DATA_INTEGRITY))
    yield repeated("Data Integrity verify", verification(edwards, Mechanism.DATA_INTEGRITY))


def openbadgeslib() -> Iterator[Operation]:
    edwards, ecdsa = signer_for(Algorithm.ED25519), signer_for(Algorithm.P256)
    token = sign(badge(ecdsa), ecdsa, Mechanism.VC_JWT)
    document = orjson.loads(sign(badge(edwards), edwards, Mechanism.DATA_INTEGRITY))
    served = revocations(ecdsa).encode()
    jwt_verifier, embedded = ob3.OB3Verifier(pem(ecdsa)), ob3.OB3LdpVerifier(pem(edwards))
    credential = jwt_verifier.verify(token)
    private = ecdsa.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = ob3.OB3Signer(privkey_pem=private, algorithm="ES256")

    def with_status() -> None:
        jwt_verifier.check_status(jwt_verifier.verify(token), download=lambda *_args, **_options: served)

    yield repeated("openbadgeslib VC-JWT issue", lambda: signer.sign(credential))
    yield repeated("openbadgeslib VC-JWT verify with status", with_status)
    yield repeated("openbadgeslib Data Integrity verify", lambda: embedded.verify(document))


def node(peer: DigitalBazaar) -> Iterator[Operation]:
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
        yield Operation(name, partial(rate_in_node, peer, request))


def rate_in_node(peer: DigitalBazaar, request: dict[str, object], seconds: float) -> float:
    return peer.ask("measure", request=request, rounds=1, seconds=seconds)["perSecond"]


@contextmanager
def digitalbazaar() -> Iterator[DigitalBazaar | None]:
    if shutil.which("node") is None or not (FOLDER / "node_modules").is_dir():
        print("Node.js or the packages of tests/foreign/js are missing: @digitalbazaar/vc is left out")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, DigitalBazaar(Path(folder)) as peer:
        yield peer


# What we promise: our row, the row it is measured against, the least ratio.
TARGETS = (
    ("VC-JWT ES256 verify", "openbadgeslib VC-JWT verify with status", 3.0),
    ("VC-JWT ES256 issue", "bare ES256 sign", 0.5),
    ("VC-JWT EdDSA issue", "bare Ed25519 sign", 0.5),
    ("Data Integrity issue", "@digitalbazaar/vc Data Integrity issue", 1.0),
    ("Data Integrity verify", "@digitalbazaar/vc Data Integrity verify", 1.0),
)


def measured() -> dict[str, list[float]]:
    """Return the rates of every operation, one a round: each has its turn in every round, and so the same noise."""
    with digitalbazaar() as peer:
        operations = [*ours(), *openbadgeslib(), *(node(peer) if peer else ())]
        rounds = [[operation.rate(SECONDS) for operation in operations] for _ in range(ROUNDS)]
    return {operation.name: list(rates) for operation, rates in zip(operations, zip(*rounds, strict=True), strict=True)}


def main() -> None:
    """Print what is measured, every median, and each promise with its ratio."""
    warnings.simplefilter("ignore")
    signer = signer_for(Algorithm.P256)
    sizes = len(sign(badge(signer), signer, Mechanism.VC_JWT)), len(revocations(signer))
    print("one badge in both formats (VC-JWT {:,} characters), one status list (JWT {:,} characters)".format(*sizes))
    rates = measured()
    print(f"medians of {ROUNDS} rounds of {SECONDS} s\n")
    for name, of_rounds in rates.items():
        print(f"{name:45} {statistics.median(of_rounds):10,.0f} /s")
    print()
    for name, against, least in TARGETS:
        if against in rates:
            ratio = statistics.median(ours / theirs for ours, theirs in zip(rates[name], rates[against], strict=True))
            verdict = "met" if ratio >= least else "MISSED"
            print(f"{name:24} {ratio:6.2f} x {against:42} (at least {least:.1f}: {verdict})")


if __name__ == "__main__":
    main()
