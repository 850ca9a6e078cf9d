"""The pinned documents in one file each, for whoever checks badges elsewhere: in a browser."""

import orjson

from schemas.documents import CONTEXTS, FOLDER

SCHEMA = "_schema.json"


def contexts() -> bytes:
    """Return the pinned JSON-LD contexts by URL."""
    return orjson.dumps(dict(CONTEXTS))


def json_schemas() -> bytes:
    """Return the JSON Schemas by the name of their kind, such as `ob_v3p0_achievementcredential`."""
    files = sorted((FOLDER / "json-schema").glob(f"*{SCHEMA}"))
    return orjson.dumps({file.name.removesuffix(SCHEMA): orjson.loads(file.read_bytes()) for file in files})


def frameworks() -> bytes:
    """Return the frameworks of skills, the examinations and the crosswalks by file name, such as `itss-3`."""
    files = sorted((FOLDER / "frameworks").glob("*.json"))
    return orjson.dumps({file.name.removesuffix(".json"): orjson.loads(file.read_bytes()) for file in files})
