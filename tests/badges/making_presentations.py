"""Makes presentations.json, which Python and the pages both read: `python -m tests.badges.making_presentations`.

The badges are unsigned: who holds a badge, and whether it is genuine, are two questions, and this is the first one.
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url
from keys.did import did_key
from keys.public_key import from_raw
from keys.signer import LocalSigner, PrivateKey, local_signer

FILE = Path(__file__).with_name("presentations.json")
CONTEXT = "https://www.w3.org/ns/credentials/v2"
VERIFIER = "https://verifier.example"
SHARE = "xmXLZH3CyLTYfmlCBwTzrg"
IAT = 1_795_600_000  # 2026-11-25T09:46:40Z
EXP = IAT + 30 * 86_400
FORGED = base64url.encode(b"\x01" * 64)

Json = dict[str, Any]


def holder(private: PrivateKey) -> LocalSigner:
    did = did_key(from_raw(private.public_key()))
    return local_signer(private, f"{did}#{did.removeprefix('did:key:')}")


def jwk_holder(private: PrivateKey) -> LocalSigner:
    jwk = json.dumps(from_raw(private.public_key()).to_jwk(), separators=(",", ":"))
    return local_signer(private, f"did:jwk:{base64url.encode(jwk.encode())}#0")


HANA = holder(ec.derive_private_key(11, ec.SECP256R1()))
HANA_2 = jwk_holder(ec.derive_private_key(12, ec.SECP256R1()))
HANA_3 = holder(Ed25519PrivateKey.from_private_bytes(bytes([13]) * 32))
HANA_4 = holder(ec.derive_private_key(14, ec.SECP384R1()))
SAME_AS_HANA = jwk_holder(ec.derive_private_key(11, ec.SECP256R1()))
KENJI = holder(ec.derive_private_key(21, ec.SECP256R1()))


def did(signer: LocalSigner) -> str:
    return signer.key_id.partition("#")[0]


def segment(value: object) -> str:
    return base64url.encode(compact(value).encode())


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def credential(number: int, subject: object) -> Json:
    return {
        "@context": [CONTEXT],
        "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": "did:web:issuer.example",
        "validFrom": "2026-04-01T00:00:00+09:00",
        "credentialSubject": subject,
    }


def jwt(number: int, subject: str | LocalSigner, **more: object) -> str:
    about = subject if isinstance(subject, str) else did(subject)
    claims = credential(number, {"id": about})
    registered = {"iss": claims["issuer"], "sub": about, "jti": claims["id"], "nbf": 1_774_969_200}
    header = {"alg": "ES256", "kid": "did:web:issuer.example#k1"}
    return f"{segment(header)}.{segment(claims | registered | more)}.{FORGED}"


def document(number: int, subject: object) -> str:
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofValue": "z1"}
    return compact(credential(number, subject) | {"proof": [proof]})


def written(entry: str) -> str:
    if entry.startswith(("{", '"')):
        return entry
    url = f"data:application/vc+jwt,{entry}"
    return compact({"@context": CONTEXT, "id": url, "type": "EnvelopedVerifiableCredential"})


def payload(badges: list[str], **changes: object) -> str:
    before = {
        "@context": [CONTEXT],
        "id": "urn:uuid:7ac6dcb2-8c3c-4f0e-a4a9-5cf5cbdfb9a5",
        "type": ["VerifiablePresentation"],
    }
    after = {"nonce": SHARE, "aud": VERIFIER, "iat": IAT, "exp": EXP} | changes
    entries = ",".join(written(badge) for badge in badges)
    return f'{compact(before)[:-1]},"verifiableCredential":[{entries}],{compact(after)[1:]}'


def signature(content: str, signer: LocalSigner, **header: object) -> Json:
    members = {"alg": signer.public.jws_algorithm, "kid": signer.key_id, "typ": "vp+jwt"} | header
    protected = segment({name: value for name, value in members.items() if value is not None})
    signed = signer.sign(f"{protected}.{base64url.encode(content.encode())}".encode())
    return {"protected": protected, "signature": base64url.encode(signed)}


def sealed(content: str, *signatures: Json) -> str:
    return compact({"payload": base64url.encode(content.encode()), "signatures": list(signatures)})


def presentation(badges: list[str], *signers: LocalSigner, **changes: object) -> str:
    content = payload(badges, **changes)
    return sealed(content, *(signature(content, one) for one in signers))


def vector(name: str, text: str, expected: Json, **reading: object) -> Json:
    read = {"now": "2026-11-26T00:00:00Z", "audience": VERIFIER, "nonce": SHARE} | reading
    return {"name": name, "text": text, **read, **expected}


def shown(*pairs: tuple[str, str]) -> Json:
    return {"badges": [{"text": text, "holder": code} for text, code in pairs]}


def refused(code: str) -> Json:
    return {"refused": code}


ONE, TWO = jwt(1, HANA), jwt(2, HANA_2)
THREE, FOUR = document(3, {"id": did(HANA_3)}), jwt(4, HANA_4)
KENJIS = jwt(5, KENJI)
PLAIN = presentation([ONE], HANA)


def good() -> list[Json]:
    bearer = jwt(6, "urn:uuid:11111111-2222-4333-8444-555555555555")
    web = jwt(7, "did:web:hana.example")
    odd = (
        document(8, {"id": did(HANA)})[:-1]
        + ', "n" : 9007199254740993 , "x":1.0, "s": "]},{[\\"", "l":[[],{"a":[1,2]}] }'
    )
    listed, several = document(9, [{"id": did(HANA)}]), document(9, [{"id": did(HANA)}, {"id": did(KENJI)}])
    same = jwt(10, SAME_AS_HANA)
    second = jwt(11, HANA)
    names = {"nonce": "verifiableCredential", "aud": 'verifiableCredential":['}
    every = presentation([ONE, TWO, THREE, FOUR], HANA, HANA_2, HANA_3, HANA_4)
    return [
        vector(
            "a badge of each kind of key, all proven",
            every,
            shown(*((one, "proven") for one in (ONE, TWO, THREE, FOUR))),
        ),
        vector(
            "two badges of one key need one signature",
            presentation([ONE, second], HANA),
            shown((ONE, "proven"), (second, "proven")),
        ),
        vector(
            "bearer badges prove nothing",
            presentation([ONE, bearer, web], HANA),
            shown((ONE, "proven"), (bearer, "bearer"), (web, "bearer")),
        ),
        vector("a document keeps its bytes", presentation([odd, ONE], HANA), shown((odd, "proven"), (ONE, "proven"))),
        vector(
            "values that look like members",
            presentation([ONE], HANA, **names),
            shown((ONE, "proven")),
            nonce=names["nonce"],
            audience=names["aud"],
        ),
        vector("a list of one subject is one subject", presentation([listed], HANA), shown((listed, "proven"))),
        vector("several subjects are nobody's", presentation([several]), shown((several, "bearer"))),
        vector(
            "the same key under another DID is another holder key",
            presentation([ONE, same], HANA),
            shown((ONE, "proven"), (same, "not-proven")),
        ),
        vector("in a link", presentation([ONE], HANA, nonce="link:any text"), shown((ONE, "proven")), nonce=None),
        vector("nobody signed", presentation([ONE, TWO]), shown((ONE, "not-proven"), (TWO, "not-proven"))),
    ]


def elsewhere_or_later() -> list[Json]:
    return [
        vector("at its last second", PLAIN, shown((ONE, "proven")), now="2026-12-25T09:46:40Z"),
        vector("a second later", PLAIN, shown((ONE, "expired")), now="2026-12-25T09:46:41Z"),
        vector("a clock five minutes behind", PLAIN, shown((ONE, "proven")), now="2026-11-25T09:41:40Z"),
        vector("a clock further behind", PLAIN, shown((ONE, "not-yet-valid")), now="2026-11-25T09:41:39Z"),
        vector("at another verifier", PLAIN, shown((ONE, "wrong-audience")), audience="https://verifier.example.org"),
        vector("in another share", PLAIN, shown((ONE, "wrong-nonce")), nonce="AAAAAAAAAAAAAAAAAAAAAA"),
        vector("a share's, in a link", PLAIN, shown((ONE, "wrong-nonce")), nonce=None),
        vector(
            "a link's, in a share",
            presentation([ONE], HANA, nonce="link:any text"),
            shown((ONE, "wrong-nonce")),
        ),
        vector(
            "in another share, with somebody's badge",
            presentation([ONE, KENJIS], HANA),
            shown((ONE, "wrong-nonce"), (KENJIS, "not-proven")),
            nonce="AAAAAAAAAAAAAAAAAAAAAA",
        ),
    ]


def attacks() -> list[Json]:
    mixed = presentation([ONE, KENJIS], HANA)
    kenjis_own = signature(payload([KENJIS]), KENJI)
    both = payload([ONE, KENJIS])
    replayed = sealed(both, signature(both, HANA), kenjis_own)
    signed = signature(payload([ONE]), HANA)
    longer = sealed(payload([ONE], exp=EXP + 86_400), signed)
    moved = sealed(payload([ONE], nonce="AAAAAAAAAAAAAAAAAAAAAA"), signed)
    content = payload([ONE])
    by_other_key = signature(content, local_signer(KENJI.private, HANA.key_id))
    confused = payload([THREE])
    unreadable = jwt(12, HANA, sub=did(KENJI))
    none = "e30.e30." + FORGED
    first, second = signature(content, HANA), signature(payload([ONE], aud=VERIFIER), HANA)
    return [
        vector("somebody else's badge mixed in", mixed, shown((ONE, "proven"), (KENJIS, "not-proven"))),
        vector(
            "with their signature from another presentation", replayed, shown((ONE, "proven"), (KENJIS, "not-proven"))
        ),
        vector("a badge added afterwards", sealed(both, signed), shown((ONE, "not-proven"), (KENJIS, "not-proven"))),
        vector("an expiry put off", longer, shown((ONE, "not-proven"))),
        vector("moved to another share", moved, shown((ONE, "not-proven")), nonce="AAAAAAAAAAAAAAAAAAAAAA"),
        vector(
            "signed with another key under this key's name", sealed(content, by_other_key), shown((ONE, "not-proven"))
        ),
        vector(
            "another algorithm than the key's",
            sealed(confused, signature(confused, HANA_3, alg="ES256")),
            shown((THREE, "not-proven")),
        ),
        vector("the algorithm none", sealed(content, signature(content, HANA, alg="none")), shown((ONE, "not-proven"))),
        vector(
            "a badge whose claims contradict each other",
            presentation([unreadable, ONE], HANA),
            shown((unreadable, "not-proven"), (ONE, "proven")),
        ),
        vector("a JWS that is no badge", presentation([none, ONE], HANA), shown((none, "not-proven"), (ONE, "proven"))),
        vector("one key twice", sealed(content, first, second), refused("duplicate-signature")),
        vector("a key of none of the badges", presentation([ONE], HANA, KENJI), refused("foreign-signature")),
        vector(
            "the DID with another fragment",
            sealed(content, signature(content, HANA, kid=f"{did(HANA)}#0")),
            refused("foreign-signature"),
        ),
        vector("one badge twice", presentation([ONE, ONE], HANA), refused("duplicate-badge")),
        vector(
            "one badge in two forms",
            presentation([ONE, document(1, {"id": did(HANA)})], HANA),
            refused("duplicate-badge"),
        ),
        vector(
            "a hundred and one badges",
            presentation(["e30.e30.AQ"] * 101),
            refused("too-many-badges"),
        ),
    ]


def malformed() -> list[Json]:
    content = payload([ONE])
    one = signature(content, HANA)
    spelt_twice = one | {"signature": one["signature"][:-1] + chr(ord(one["signature"][-1]) + 1)}
    holder_named = payload([ONE], holder=did(HANA))
    twice = content[:-1] + f',"aud":"{VERIFIER}"}}'
    wrapped = written(ONE).replace("vc+jwt", "vc+sd-jwt")
    spare = written(ONE)[:-1] + ',"name":"x"}'
    flattened = compact({"payload": base64url.encode(content.encode()), **one})
    compact_form = f"{one['protected']}.{base64url.encode(content.encode())}.{one['signature']}"
    return [
        vector(
            "a header that nobody signs",
            sealed(content, one | {"header": {"kid": KENJI.key_id}}),
            refused("not-a-presentation"),
        ),
        vector("flattened", flattened, refused("not-a-presentation")),
        vector("compact", compact_form, refused("not-json")),
        vector("a member more around it", sealed(content, one)[:-1] + ',"x":1}', refused("not-a-presentation")),
        vector(
            "a member more inside", sealed(holder_named, signature(holder_named, HANA)), refused("not-a-presentation")
        ),
        vector("a member twice", sealed(twice, signature(twice, HANA)), refused("duplicate-member")),
        vector("no type in the header", sealed(content, signature(content, HANA, typ=None)), refused("bad-header")),
        vector("the type of a badge", sealed(content, signature(content, HANA, typ="JWT")), refused("bad-header")),
        vector(
            "a critical extension",
            sealed(content, signature(content, HANA, crit=["b64"], b64=False)),
            refused("bad-header"),
        ),
        vector("base64url in a second spelling", sealed(content, spelt_twice), refused("bad-base64")),
        vector("an empty signature", sealed(content, one | {"signature": ""}), refused("bad-base64")),
        vector("a hundred and one signatures", sealed(content, *[one] * 101), refused("too-many-badges")),
        vector("no badges", presentation([]), refused("not-a-presentation")),
        vector("a badge that is text", presentation(['"x"']), refused("not-a-presentation")),
        vector("an envelope of another kind", presentation([wrapped]), refused("not-a-presentation")),
        vector("an envelope with a member more", presentation([spare]), refused("not-a-presentation")),
        vector("seconds with a fraction", presentation([ONE], HANA, iat=IAT + 0.5), refused("bad-claim")),
        vector("whole seconds written with a point", presentation([ONE], HANA, iat=float(IAT)), refused("bad-claim")),
        vector("true as a time", presentation([ONE], HANA, iat=True), refused("bad-claim")),
        vector("ended before it began", presentation([ONE], HANA, exp=IAT), refused("bad-claim")),
        vector("beyond the calendar", presentation([ONE], HANA, exp=253_402_300_800), refused("bad-claim")),
        vector("no nonce", presentation([ONE], HANA, nonce=""), refused("bad-claim")),
        vector("several audiences", presentation([ONE], HANA, aud=[VERIFIER]), refused("bad-claim")),
        vector("a badge alone", THREE, refused("not-a-presentation")),
    ]


if __name__ == "__main__":
    vectors = [*good(), *elsewhere_or_later(), *attacks(), *malformed()]
    FILE.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
