"""Look for people in files: each secret as it is, and in the forms in which software might keep it."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote


def forms(secret: str) -> Iterator[bytes]:
    """Return how a text may stand in a file."""
    data = secret.encode()
    yield data
    yield secret.encode("utf-16-le")
    yield data.hex().encode()
    yield sha256(data).digest()
    yield sha256(data).hexdigest().encode()
    yield b64encode(data).rstrip(b"=")
    yield urlsafe_b64encode(data).rstrip(b"=")
    yield quote(secret, safe="").encode()


def found_in(places: Iterable[Path], secrets: Mapping[str, str], *, leaving_out: Path | None = None) -> list[str]:
    """Return "<secret's name> in <file>" for every secret that stands anywhere below the places."""
    wanted = [(name, form) for name, secret in secrets.items() for form in forms(secret)]
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return sorted(
        {
            f"{name} in {file}"
            for file in files
            if leaving_out is None or not file.is_relative_to(leaving_out)
            for name, form in wanted
            if form in file.read_bytes()
        }
    )
