import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BadSignatureError, KeyFormatError } from "../src/errors";
import * as base58 from "../src/keys/base58";
import * as base64url from "../src/keys/base64url";
import * as dateTimeStamp from "../src/keys/date-time-stamp";
import * as did from "../src/keys/did";
import { fromJwk, fromMultikey, type PublicKey, WeakKeyError } from "../src/keys/public-key";
import { thumbprint } from "../src/keys/thumbprint";
import { jsonVector, testOfVectors } from "./vectors";

// RFC 8037 appendix A.2 and A.3: an Ed25519 key and its thumbprint.
const RFC_8037 = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const RFC_8037_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
// RFC 7517 appendix A.1: a P-256 and an RSA key; RFC 7638 section 3.1: the latter's thumbprint.
const RFC_7517_EC = {
  kty: "EC",
  crv: "P-256",
  x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
};
const RFC_7517_RSA = {
  kty: "RSA",
  n:
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj" +
    "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ" +
    "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK" +
    "nqDKgw",
  e: "AQAB",
};
const RFC_7638_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
// did:key v0.9: an Ed25519 and a P-256 key.
const DID_KEY_ED25519 = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
const DID_KEY_P256 = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";
// The order of P-256's field (SP 800-186 section 3.2.1.3), and the point with x = 5.
const P256_FIELD = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const Y_OF_5 = "RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w";

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KeyFormatError) return error.code;
    throw error;
  }
  return "accepted";
}

function integer(number: bigint, size = Math.ceil(number.toString(16).length / 2)): string {
  return Buffer.from(number.toString(16).padStart(2 * size, "0"), "hex").toString("base64url");
}

describe("base64url and base58", () => {
  test("bytes survive base64url, and its text is the one that others write", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base64url.encode(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
        expect(base64url.decode(base64url.encode(bytes))).toEqual(bytes);
      }),
    );
  });

  test("what decodes at all is the one spelling of its bytes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_=+/ -]{0,9}$/), (text) => {
        let bytes;
        try {
          bytes = base64url.decode(text);
        } catch {
          return;
        }
        expect(base64url.encode(bytes)).toBe(text);
      }),
    );
  });

  test.each(["A", "AB", "AAB", "AA==", "A A", "AA\n", "+/8", "é", "AAAAA"])("%j is no base64url", (text) => {
    expect(() => base64url.decode(text)).toThrow(SyntaxError);
  });

  // draft-msporny-base58-03 section 5.
  test.each([
    ["Hello World!", "2NEpo7TZRRrLZSi2U"],
    ["The quick brown fox jumps over the lazy dog.", "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"],
  ])("%s is written as its test vector says", (text, encoded) => {
    expect(base58.encode(new TextEncoder().encode(text))).toBe(encoded);
    expect(new TextDecoder().decode(base58.decode(encoded))).toBe(text);
  });

  test("bytes survive base58, zeros in front included", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base58.decode(base58.encode(bytes))).toEqual(bytes);
      }),
    );
    expect(base58.encode(Uint8Array.of(0, 0, 0x28, 0x7f, 0xb4, 0xcd))).toBe("11233QC4");
  });

  test.each(["0", "O", "I", "l", "2 ", "2\n"])("%j is no base58", (text) => {
    expect(() => base58.decode(text)).toThrow(SyntaxError);
  });
});

describe("moments", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2024-02-29T09:00:00+09:00", 1_709_164_800_000],
    ["1969-12-31T23:59:59.5Z", -500],
    ["2024-01-01T00:00:00.123456789Z", 1_704_067_200_123.456],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
  ])("%s is read", (text, moment) => {
    expect(dateTimeStamp.parse(text)).toBe(moment);
  });

  test.each([
    "2023-02-29T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:60Z",
    "2024-01-01T00:00:00+14:01",
    "2024-01-01T00:00:00",
    "2024-01-01t00:00:00z",
    "2024-01-01T00:00:00.1234567890Z",
    "2024-01-01T00:00:00Z\n",
    "２024-01-01T00:00:00Z",
  ])("%j is no moment", (text) => {
    expect(() => dateTimeStamp.parse(text)).toThrow(RangeError);
  });

  test("a moment is written in UTC and whole seconds, and cut off towards 1970 as a NumericDate", () => {
    expect(dateTimeStamp.stamp(dateTimeStamp.parse("2024-01-01T00:00:00.9+09:00"))).toBe("2023-12-31T15:00:00Z");
    expect(dateTimeStamp.stamp(dateTimeStamp.parse("0999-12-31T23:59:59.999999999Z"))).toBe("0999-12-31T23:59:59Z");
    expect(dateTimeStamp.numericDate("1969-12-31T23:59:58.5Z")).toBe(-1);
  });
});

describe("keys", () => {
  test("the keys of the standards are read, and their thumbprints are the standards'", () => {
    expect(thumbprint(fromJwk(RFC_8037))).toBe(RFC_8037_THUMBPRINT);
    expect(thumbprint(fromJwk(RFC_7517_RSA))).toBe(RFC_7638_THUMBPRINT);
    expect(fromJwk(RFC_7517_EC).toJwk()).toEqual(RFC_7517_EC);
    expect(fromMultikey(DID_KEY_ED25519).jwsAlgorithm).toBe("EdDSA");
    expect(fromMultikey(DID_KEY_P256).jwsAlgorithm).toBe("ES256");
  });

  test("a key survives its Multikey, unless it has none", () => {
    for (const multikey of [DID_KEY_ED25519, DID_KEY_P256]) expect(fromMultikey(multikey).toMultikey()).toBe(multikey);
    expect(code(() => fromJwk(RFC_7517_RSA).toMultikey())).toBe("no-multikey");
  });

  test.each([
    [{ d: "AA" }, "private-key"],
    [{ k: "AA" }, "private-key"],
    [{ use: "enc" }, "wrong-use"],
    [{ use: null }, "wrong-use"],
    [{ key_ops: ["encrypt"] }, "wrong-use"],
    [{ key_ops: "verify" }, "wrong-use"],
    [{ alg: "HS256" }, "wrong-algorithm"],
    [{ alg: ["EdDSA"] }, "wrong-algorithm"],
    [{ kty: "oct" }, "unknown-key-type"],
    [{ crv: "X25519" }, "unknown-key-type"],
    [{ x: 1 }, "unknown-key-type"],
    [{ x: "AA" }, "bad-key"],
    [{ x: "AB" }, "bad-base64"],
    [{ x: `${RFC_8037.x}=` }, "bad-base64"],
  ])("a JWK that is not for verifying, or not well made, is refused: %j", (change, expected) => {
    expect(code(() => fromJwk({ ...RFC_8037, ...change }))).toBe(expected);
  });

  test.each([{ use: "sig" }, { key_ops: ["verify"] }, { alg: "EdDSA" }, { alg: "Ed25519" }, { kid: "1" }])(
    "a JWK may say what it is for: %j",
    (fine) => {
      expect(code(() => fromJwk({ ...RFC_8037, ...fine }))).toBe("accepted");
    },
  );

  test.each([
    [{ y: RFC_7517_EC.x }, "not-on-curve"],
    [{ y: "AA" }, "bad-key"],
    [{ crv: "P-384" }, "bad-key"],
    [{ crv: "secp256k1" }, "unknown-key-type"],
    [{ x: integer(5n, 32), y: Y_OF_5 }, "accepted"],
    [{ x: integer(5n + P256_FIELD), y: Y_OF_5 }, "not-on-curve"],
  ])("an elliptic key that is no point of its curve in its one spelling is refused: %j", (change, expected) => {
    expect(code(() => fromJwk({ ...RFC_7517_EC, ...change }))).toBe(expected);
  });

  test("a JWK borrows no member from its prototype", () => {
    expect(code(() => fromJwk(Object.create(RFC_8037)))).toBe("unknown-key-type");
  });

  test.each([null, [], "x", 1, undefined])("what is no object is no JWK: %j", (value) => {
    expect(code(() => fromJwk(value))).toBe("not-a-jwk");
  });

  test.each([
    ["too short", { n: integer(2n ** 1024n - 1n) }, "weak-key"],
    ["too long", { n: integer(2n ** 9000n - 1n) }, "key-too-long"],
    ["even", { n: integer(2n ** 2048n - 2n) }, "weak-key"],
    ["with the factor 3", { n: integer(2n ** 2048n - 1n) }, "weak-key"],
    ["with e = 3", { e: "Aw" }, "weak-key"],
  ])("an RSA key is refused: %s", (_name, change, expected) => {
    expect(code(() => fromJwk({ ...RFC_7517_RSA, ...change }))).toBe(expected);
  });

  test("an RSA key of the library whose keys can be factored is refused", () => {
    let primes = 1n;
    for (let number = 2; number < 1000; number += 1) {
      if (Array.from({ length: number - 2 }, (_, index) => index + 2).every((divisor) => number % divisor)) {
        primes *= BigInt(number);
      }
    }
    // 1 is a power of 65537 whatever it is divided by: the mark of CVE-2017-15361, and no small factor.
    expect(code(() => fromJwk({ ...RFC_7517_RSA, n: integer(1n + primes * 2n ** 700n) }))).toBe("weak-key");
  });

  test("an RSA modulus with zeros in front is the same key", () => {
    const zeros = Buffer.concat([Buffer.alloc(3), Buffer.from(RFC_7517_RSA.n, "base64url")]).toString("base64url");

    expect(thumbprint(fromJwk({ ...RFC_7517_RSA, n: zeros }))).toBe(RFC_7638_THUMBPRINT);
  });

  // The eight points of small order, and other spellings of theirs (RFC 8032 section 5.1.3).
  test.each([
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ])("an Ed25519 point of small order or in a second spelling is refused: %s", (hex) => {
    expect(() => fromJwk({ ...RFC_8037, x: Buffer.from(hex, "hex").toString("base64url") })).toThrow(WeakKeyError);
  });

  test.each([
    ["", "bad-multikey"],
    ["u6Mk", "bad-multikey"],
    ["z0OIl", "bad-multikey"],
    [`z${"1".repeat(200)}`, "bad-multikey"],
    [`${DID_KEY_ED25519} `, "bad-multikey"],
    ["z6Mk", "unknown-key-type"],
    ["zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "unknown-key-type"],
    [`z${base58.encode(Uint8Array.of(0xed, 0x01, 1, 2, 3))}`, "bad-key"],
    [`z${base58.encode(Uint8Array.of(0x80, 0x24, 2, ...new Uint8Array(31)))}`, "bad-multikey"],
    [`z${base58.encode(Uint8Array.of(0x80, 0x24, 4, ...new Uint8Array(32)))}`, "not-on-curve"],
  ])("a text that is no Multikey is refused: %j", (text, expected) => {
    expect(code(() => fromMultikey(text))).toBe(expected);
  });
});

describe("signatures", () => {
  async function signed(
    parameters: EcKeyGenParams & Partial<EcdsaParams>,
  ): Promise<[PublicKey, Uint8Array, Uint8Array]> {
    const pair = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const data = new TextEncoder().encode("a badge");
    const signature = new Uint8Array(await crypto.subtle.sign(parameters as EcdsaParams, pair.privateKey, data));
    return [fromJwk({ kty, crv, x, ...(y ? { y } : {}) }), signature, data];
  }

  test.each([
    ["ES256", { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }],
    ["ES384", { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" }],
    ["EdDSA", { name: "Ed25519", namedCurve: "" }],
  ])("a signature of %s verifies with its own key and data only", async (algorithm, parameters) => {
    const [key, signature, data] = await signed(parameters);
    const [other] = await signed(parameters);

    expect(key.jwsAlgorithm).toBe(algorithm);
    await key.verify(signature, data);
    await expect(other.verify(signature, data)).rejects.toThrow(BadSignatureError);
    await expect(key.verify(signature, data.subarray(1))).rejects.toThrow(BadSignatureError);
    await expect(key.verify(signature.subarray(1), data)).rejects.toThrow(BadSignatureError);
    await expect(key.verify(new Uint8Array(0), data)).rejects.toThrow(BadSignatureError);
  });

  test("an Ed25519 signature with the group's order added to S is another one, and refused", async () => {
    const [key, signature, data] = await signed({ name: "Ed25519", namedCurve: "" });
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + order;
    const changed = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();

    await expect(key.verify(Uint8Array.of(...signature.subarray(0, 32), ...changed), data)).rejects.toThrow(
      BadSignatureError,
    );
  });
});

test("an Ed25519 signature whose R is of small order is refused, though some libraries accept it", async () => {
  // S = h a with R the identity, for the key of the seed 00 01 … 1f and the data "a badge"; OpenSSL accepts it.
  const key = fromJwk({ ...RFC_8037, x: "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg" });
  const s = "2fbb7bc979fd1f2c2a7b123ca11c8e9c7fdc04a5f2e8d16a4e4eef144f778008";
  const signature = Buffer.from(`01${"00".repeat(31)}${s}`, "hex");

  await expect(key.verify(signature, new TextEncoder().encode("a badge"))).rejects.toThrow(BadSignatureError);
});

type Group = {
  publicKeyJwk?: unknown;
  keyJwk?: { kty: string; n: string; e: string };
  publicKey?: { modulus: string; publicExponent: string };
  tests: { tcId: number; msg: string; sig: string; result: string }[];
};

testOfVectors.each([
  ["ed25519", 151],
  ["ecdsa_secp256r1_sha256_p1363", 262],
  ["ecdsa_secp384r1_sha384_p1363", 280],
  ["rsa_signature_2048_sha256", 259],
])("Wycheproof: a signature of %s verifies exactly when it is valid", async (name, number) => {
  const wrong: number[] = [];
  let seen = 0;
  const { testGroups } = jsonVector<{ testGroups: Group[] }>("wycheproof", `${name}_test.json`);
  for (const group of testGroups) {
    seen += group.tests.length;
    const key = keyOf(group);
    // "acceptable": an algorithm identifier without its NULL; either answer is right.
    const certain = group.tests.filter(({ result }) => key && result !== "acceptable");
    for (const one of certain) {
      if ((await verifies(key, one)) !== (one.result === "valid")) wrong.push(one.tcId);
    }
  }

  expect(wrong).toEqual([]);
  expect(seen).toBe(number);
});

/** The group's key, or null for an RSA key of another exponent, which we refuse whatever its signatures say. */
function keyOf(group: Group): PublicKey | null {
  if (group.publicKeyJwk) return fromJwk(group.publicKeyJwk);
  const { n, e } = group.keyJwk ?? { n: "", e: "" };
  if (e !== "AQAB") {
    expect(() => fromJwk({ kty: "RSA", n, e })).toThrow(WeakKeyError);
    return null;
  }
  return fromJwk({ kty: "RSA", n, e });
}

async function verifies(key: PublicKey | null, one: { msg: string; sig: string }): Promise<boolean> {
  try {
    await key?.verify(Buffer.from(one.sig, "hex"), Buffer.from(one.msg, "hex"));
    return true;
  } catch (error) {
    if (error instanceof BadSignatureError) return false;
    throw error;
  }
}

describe("decentralised identifiers", () => {
  const DID = "did:web:uni.example";
  const KEY = { id: "#1", controller: DID, type: "Multikey", publicKeyMultibase: DID_KEY_ED25519 };
  const DOCUMENT = { id: DID, verificationMethod: [KEY], assertionMethod: ["#1"] };

  test("a did:key spells out its one key, and is what that key is called", () => {
    const document = did.expand(`did:key:${DID_KEY_P256}`);
    const { key } = did.findAssertionKey(document, `did:key:${DID_KEY_P256}#${DID_KEY_P256}`);

    expect(key.toMultikey()).toBe(DID_KEY_P256);
  });

  test("the did:jwk of the method's own example is read", () => {
    // did:jwk method specification, example "P-256".
    const example =
      "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5Ijoi" +
      "X0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";

    expect(did.findAssertionKey(did.expand(example), `${example}#0`).key.toJwk()["crv"]).toBe("P-256");
  });

  test.each([
    [`{"kty":"OKP","crv":"Ed25519","x":"AA","x":"${RFC_8037.x}"}`, "malformed-did"],
    [`{"kty":"OKP","crv":"Ed25519","x":"${RFC_8037.x}","\\u0078":"AA"}`, "malformed-did"],
    [`{"kty":"OKP","crv":"Ed25519","x":"${RFC_8037.x}","o":1e400}`, "malformed-did"],
    [`{"kty":"OKP","crv":"Ed25519","x":"${RFC_8037.x}","o":1}`, "accepted"],
    ["{", "malformed-did"],
  ])("a did:jwk of which two parsers would see two keys is refused: %s", (text, expected) => {
    expect(code(() => did.expand(`did:jwk:${base64url.encode(new TextEncoder().encode(text))}`))).toBe(expected);
  });

  // did:web method specification, section 2.5.
  test.each([
    ["did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"],
    ["did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"],
    ["did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"],
  ])("%s has its document at %s", (text, url) => {
    expect(did.webUrl(text)).toBe(url);
  });

  test.each([
    "did:web:",
    "did:web:Uni.example",
    "did:web:uni.example%3a80",
    "did:web:uni.example%3A0",
    "did:web:uni.example:..",
    "did:web:uni.example:...",
    "did:web:uni.example:",
    "did:web:uni.example/evil",
    "did:web:uni.example:%2e%2e",
    "did:web:uni.example\n",
    "did:key:x",
    `did:web:a${":b".repeat(1024)}`,
  ])("%j names no document", (text) => {
    expect(code(() => did.webUrl(text))).toBe("malformed-did");
  });

  test("a document's own key is found under its whole address", () => {
    const method = did.findAssertionKey(did.parseDocument(DOCUMENT, DID), `${DID}#1`);

    expect(method.key.toMultikey()).toBe(DID_KEY_ED25519);
  });

  test("when a key ended is told in milliseconds", () => {
    const ended = { ...KEY, revoked: "2024-01-01T00:00:00Z" };

    expect(did.parseDocument({ ...DOCUMENT, verificationMethod: [ended] }, DID).methods.get(`${DID}#1`)?.revoked).toBe(
      1_704_067_200_000,
    );
  });

  test.each([
    ["of another id", { id: "did:web:other.example" }],
    ["of which a key stands twice", { verificationMethod: [KEY, { ...KEY, id: `${DID}#1` }] }],
    ["with a key of another document", { verificationMethod: [{ ...KEY, id: "did:web:other.example#1" }] }],
    ["with a key's end that is no moment", { verificationMethod: [{ ...KEY, revoked: ["2024-01-01T00:00:00Z"] }] }],
    ["with more keys than anybody needs", { verificationMethod: Array(101).fill(KEY) }],
    ["whose keys are no list", { verificationMethod: null }],
  ])("a document is refused: %s", (_name, change) => {
    expect(code(() => did.parseDocument({ ...DOCUMENT, ...change }, DID))).toBe("malformed-did-document");
  });

  test.each([
    [
      "the document calls it somebody else's",
      { verificationMethod: [{ ...KEY, controller: "did:web:other.example" }] },
    ],
    ["it is of no kind that we know", { verificationMethod: [{ ...KEY, type: "JsonWebKey" }] }],
    ["it is not for assertions", { assertionMethod: [] }],
    ["its place there is taken by an embedded one", { assertionMethod: [KEY] }],
  ])("a key is not found when %s", (_name, change) => {
    const document = did.parseDocument({ ...DOCUMENT, ...change }, DID);

    expect(() => did.findAssertionKey(document, `${DID}#1`)).toThrow(did.KeyNotListedError);
  });
});
