"""npm's @digitalbazaar/vc in a process of its own, asked line by line."""

import subprocess
from pathlib import Path
from typing import Any, Self

import orjson

from schemas.documents import CONTEXTS

FOLDER = Path(__file__).parent / "js"


class DigitalBazaar:
    """A foreign issuer and verifier; a context manager."""

    def __init__(self, folder: Path) -> None:
        contexts = folder / "contexts.json"
        contexts.write_bytes(orjson.dumps(dict(CONTEXTS)))
        self.process = subprocess.Popen(
            ["node", "peer.mjs", contexts], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=10)

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        """Return the answer to one request."""
        self.process.stdin.write(orjson.dumps({"operation": operation, **request}) + b"\n")
        self.process.stdin.flush()
        return orjson.loads(self.process.stdout.readline())

    def verifies(self, credential: dict[str, Any]) -> bool:
        """Return whether the peer calls a credential verified."""
        return self.ask("verify", credential=credential)["verified"]
