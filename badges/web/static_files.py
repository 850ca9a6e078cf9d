"""Style sheets and scripts, read once when a service starts."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from badges.web.documents import PublicDocument, respond
from badges.web.problems import Problem

YEAR_SECONDS = 31_536_000
PACKED = {"css", "js", "svg", "json", "wasm", "ttf"}
"""What gzip makes smaller; the others are packed already."""

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "ttf": "font/ttf",
}


def static_router(
    package: str,
    prefix: str,
    folder: str = "static",
    *,
    policies: Mapping[str, str] = MappingProxyType({}),
    digested: str | None = None,
) -> APIRouter:
    """Return the routes of the files in a package's folder, such as `static_router("issuer", "/static/issuer")`.

    Args:
        package: Whose folder it is.
        prefix: Of the addresses, without a slash at its end.
        folder: In the package.
        policies: Content security policies of single files, by path: of workers, which have their own.
        digested: The start of the paths whose names carry a digest of what is in them: browsers keep those.

    Raises:
        FileNotFoundError: There is no such folder; scripts that are built are made by `make setup`.
    """
    documents = dict(read_folder(files(package).joinpath(folder), "", digested))
    router = APIRouter()

    @router.get(f"{prefix}/{{path:path}}", include_in_schema=False)
    def read_static(request: Request, path: str) -> Response:
        document = documents.get(path)
        if document is None:
            raise Problem(404, "not-found")
        response = respond(request, document)
        if path in policies:
            response.headers["Content-Security-Policy"] = policies[path]
        return response

    return router


def read_folder(folder: Traversable, path: str, digested: str | None) -> list[tuple[str, PublicDocument]]:
    """Return every file of a folder that a browser may ask for, by its path."""
    found: list[tuple[str, PublicDocument]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += read_folder(entry, f"{path}{entry.name}/", digested)
        elif entry.name.rpartition(".")[2] in MEDIA_TYPES:
            kept = digested is not None and path.startswith(digested)
            found.append((path + entry.name, document_of(entry, kept=kept)))
    return found


def document_of(file: Traversable, *, kept: bool) -> PublicDocument:
    """Return a file, which browsers keep, or ask for each time and mostly hear 304."""
    kind = file.name.rpartition(".")[2]
    age = YEAR_SECONDS if kept else 0
    return PublicDocument(file.read_bytes(), MEDIA_TYPES[kind], age, immutable=kept, vary=(), packed=kind in PACKED)
