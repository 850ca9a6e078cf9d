"""What a badge says of nobody but its holder."""

from base64 import urlsafe_b64decode
from hashlib import sha256

import orjson

DISTINCTIVE = 30  # characters after the badge's id that stand in a badge alone


def secrets_of(name: str, text: str) -> dict[str, str]:
    """Return what the issuer may keep in no form of a badge, as JSON with a proof or as a compact JWS.

    Its id is not among it, which the register has, nor its achievement, which is public.
    """
    signed, signature = taken_apart(text)
    credential = orjson.loads(signed)
    own_id = credential["id"]
    start = signed.index(own_id)
    return {
        f"{name}: subject": credential["credentialSubject"]["id"],
        f"{name}: signature": signature,
        f"{name}: signed text": signed[start : start + len(own_id) + DISTINCTIVE],
        f"{name}: canonical text": f"<{own_id}> <http",
        f"{name}: digest": sha256(text.encode()).hexdigest(),
    }


def taken_apart(text: str) -> tuple[str, str]:
    """Return the JSON of a badge and its signature."""
    if text.startswith("{"):
        return text, orjson.loads(text)["proof"][0]["proofValue"]
    _, payload, signature = text.split(".")
    return urlsafe_b64decode(payload + "==").decode(), signature
