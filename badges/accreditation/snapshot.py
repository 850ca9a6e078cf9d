"""The register as one signed and numbered document, the same for everybody who reads it."""

from collections.abc import Mapping

from badges import strict_json
from badges.accreditation.register import (
    Accreditation,
    RegisteredKey,
    RegisteredProvider,
    Snapshot,
    Window,
    objects,
    text,
    texts,
    window,
)
from badges.accreditation.vouching import read_accreditation
from badges.errors import BadgeError, MalformedDocumentError
from badges.proof import jwt
from keys.date_time_stamp import parse, stamp
from keys.public_key import KeyFormatError, PublicKey, from_jwk
from keys.signer import Signer

TYPE = "AkashiRegistrySnapshot"
MAX_SNAPSHOT_BYTES = 16 * 1_048_576  # some thousand providers with their keys and accreditations


def write_snapshot(snapshot: Snapshot, signer: Signer) -> str:
    """Return the snapshot as a compact JWS whose header carries the registry's key as `jwk`."""
    payload = {
        "type": TYPE,
        "number": snapshot.number,
        "issued": stamp(snapshot.issued),
        "registry": snapshot.registry,
        "accreditors": sorted(snapshot.accreditors),
        "providers": [_provider_json(provider) for _, provider in sorted(snapshot.providers.items())],
    }
    return jwt.sign_jws(strict_json.dump(payload), signer, header={"jwk": signer.public.to_jwk()})


def read_snapshot(jws: str, pinned: PublicKey | None) -> Snapshot:
    """Return the snapshot.

    Accreditations that do not verify are left out: one damaged entry must not silence the whole register.

    Args:
        jws: As published.
        pinned: The registry's key; None takes the key of the document's own header, when naming the file is the pin.

    Raises:
        BadgeError: Not a snapshot, or not signed with that key.
    """
    parts = jwt.peek_jws(jws)
    key = pinned or parts.header.embedded_key
    if key is None:
        raise MalformedDocumentError("bad-snapshot")
    jwt.verify_jws(parts, key)
    payload = strict_json.parse_object(parts.payload, max_bytes=MAX_SNAPSHOT_BYTES)
    try:
        if payload["type"] != TYPE:
            raise MalformedDocumentError("bad-snapshot")
        accreditors, registry = frozenset(texts(payload["accreditors"])), text(payload["registry"])
        listed = [_provider(one, accreditors, registry) for one in objects(payload["providers"])]
        number = payload["number"]
        if not isinstance(number, int) or isinstance(number, bool):
            raise MalformedDocumentError("bad-snapshot")
        issued = parse(text(payload["issued"]))
        return Snapshot(number, issued, registry, {one.did: one for one in listed}, accreditors)
    except (KeyError, ValueError, KeyFormatError) as error:
        raise MalformedDocumentError("bad-snapshot") from error


def _provider_json(provider: RegisteredProvider) -> dict[str, object]:
    return {
        "did": provider.did,
        "slug": provider.slug,
        "name": dict(provider.name),
        "url": provider.url,
        "domain": provider.domain,
        "keys": [_key_json(key) for _, key in sorted(provider.keys.items())],
        "accreditations": [given.credential for given in provider.accreditations],
        "suspensions": [_window_json(one) for one in provider.suspensions],
    }


def _key_json(key: RegisteredKey) -> dict[str, object]:
    revoked = {"revoked": stamp(key.revoked)} if key.revoked else {}
    return {"id": key.id, "publicKeyJwk": key.key.to_jwk(), **_window_json(key.window), **revoked}


def _provider(data: Mapping[str, object], accreditors: frozenset[str], registry: str) -> RegisteredProvider:
    did = text(data["did"])
    keys = [_key(one) for one in objects(data["keys"])]
    given = [_accreditation(one, did, accreditors, registry) for one in texts(data["accreditations"])]
    [name] = objects(data["name"])
    return RegisteredProvider(
        did=did,
        slug=text(data["slug"]),
        name={language: text(name[language]) for language in ("ja", "en")},
        url=text(data["url"]),
        domain=text(data["domain"]),
        keys={key.id: key for key in keys},
        accreditations=tuple(one for one in given if one),
        suspensions=tuple(window(one) for one in objects(data["suspensions"])),
    )


def _accreditation(jws: str, provider: str, accreditors: frozenset[str], registry: str) -> Accreditation | None:
    try:
        return read_accreditation(jws, provider, accreditors, registry)
    except (BadgeError, KeyFormatError, ValueError):
        return None


def _key(data: Mapping[str, object]) -> RegisteredKey:
    revoked = parse(text(data["revoked"])) if "revoked" in data else None
    return RegisteredKey(text(data["id"]), from_jwk(data["publicKeyJwk"]), window(data), revoked)


def _window_json(given: Window) -> dict[str, str]:
    end = {"validUntil": stamp(given.end)} if given.end else {}
    return {"validFrom": stamp(given.start), **end}
