// Proofs around and inside a credential: what is taken for one, sets and chains, and the ways to be wrong.

import { beforeAll, describe, expect, test } from "vitest";
import { BadgeError, KeyFormatError, ProofError, UnsupportedError } from "../src/errors";
import type { Json, JsonObject } from "../src/json";
import * as base58 from "../src/keys/base58";
import * as base64url from "../src/keys/base64url";
import { type PublicKey, fromJwk, fromMultikey } from "../src/keys/public-key";
import { peek, verify } from "../src/proof";
import { canonical } from "../src/proof/canonical";
import { contextSet, hashData } from "../src/proof/data-integrity";
import { MAX_PROOFS } from "../src/proof/embedded-proofs";
import { DOCUMENTS, EXAMPLES } from "./standard-documents";
import { jsonVector, testOfVectors, vector } from "./vectors";

const ISSUER = "did:web:issuer.example";
const KEY_ID = `${ISSUER}#k1`;
const SECOND_ID = `${ISSUER}#k2`;
const CONTEXTS = contextSet(DOCUMENTS.contexts);
const WITH_EXAMPLES = { contexts: { ...DOCUMENTS.contexts, ...EXAMPLES } };
const BADGE: JsonObject = {
  "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
  id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
  type: ["VerifiableCredential", "OpenBadgeCredential"],
  issuer: { id: ISSUER, type: ["Profile"], name: "北の学校" },
  validFrom: "2026-11-01T00:00:00Z",
  name: "データ入門",
  credentialSubject: {
    id: "urn:uuid:11111111-2222-4333-8444-555555555555",
    type: ["AchievementSubject"],
    achievement: {
      id: "https://issuer.example/achievements/1/1",
      type: ["Achievement"],
      name: "データ入門",
      description: "データの読み方を学ぶ。",
      criteria: { narrative: "修了テストに合格する。" },
    },
  },
};

/** A key pair under its name. */
interface Signer {
  readonly id: string;
  readonly pair: CryptoKeyPair;
  readonly key: PublicKey;
}

let first: Signer;
let second: Signer;
let elliptic: Signer;
let keys: ReadonlyMap<string, PublicKey>;
let signed: JsonObject;

async function signer(id: string, algorithm: EcKeyGenParams | { name: "Ed25519" }): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { id, pair, key: fromJwk(JSON.parse(JSON.stringify({ kty, crv, x, y }))) };
}

/** The document with one more proof, upon those that `previousProof` names. */
async function withProof(document: JsonObject, { id, pair }: Signer, members: JsonObject = {}): Promise<JsonObject> {
  const { proof = [], ...unsecured } = document;
  const before = proof as JsonObject[];
  const options: JsonObject = {
    type: "DataIntegrityProof",
    cryptosuite: "eddsa-rdfc-2022",
    created: "2026-11-01T00:00:00Z",
    verificationMethod: id,
    proofPurpose: "assertionMethod",
    ...members,
  };
  const previous = before.filter((one) => [options["previousProof"]].flat().includes(one["id"] ?? null));
  const secured = previous.length > 0 ? { ...unsecured, proof: previous } : unsecured;
  const data = new Uint8Array([
    ...hashData(unsecured, options, CONTEXTS).slice(0, 32),
    ...hashData(secured, { ...options }, CONTEXTS).slice(32),
  ]);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, data));
  return { ...document, proof: [...before, { ...options, proofValue: `z${base58.encode(signature)}` }] };
}

function changed(changes: Record<string, Json | undefined>): JsonObject {
  const [proof] = signed["proof"] as JsonObject[];
  return { ...signed, proof: [JSON.parse(JSON.stringify({ ...proof, ...changes }))] };
}

async function refusal(document: unknown, by = keys): Promise<BadgeError> {
  try {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    await verify(peek(text, DOCUMENTS), by);
  } catch (error) {
    if (error instanceof BadgeError) return error;
    throw error;
  }
  throw new Error("it verified");
}

beforeAll(async () => {
  first = await signer(KEY_ID, { name: "Ed25519" });
  second = await signer(SECOND_ID, { name: "Ed25519" });
  elliptic = await signer(`${ISSUER}#k3`, { name: "ECDSA", namedCurve: "P-256" });
  keys = new Map([first, second, elliptic].map(({ id, key }) => [id, key]));
  signed = await withProof(BADGE, first);
});

test("a credential with a proof inside verifies, and comes without the proof", async () => {
  const verified = await verify(peek(JSON.stringify(signed), DOCUMENTS), keys);

  expect(verified.mechanism).toBe("data-integrity");
  expect(verified.claims).toEqual(BADGE);
  expect(verified.proofs.map((proof) => [proof.verificationMethod, proof.created])).toEqual([
    [KEY_ID, "2026-11-01T00:00:00Z"],
  ]);
});

test("a single proof need not be in an array", async () => {
  const [proof = null] = signed["proof"] as JsonObject[];
  const unverified = peek(` \n${JSON.stringify({ ...signed, proof })}`, DOCUMENTS);

  expect((await verify(unverified, keys)).claims).toEqual(BADGE);
});

test.each<[string, Json | undefined]>([
  ["none", undefined],
  ["null", null],
  ["an empty array", []],
  ["an empty object", {}],
  ["an empty object in an array", [{}]],
  ["a text", "proof"],
  ["null in an array", [null]],
  ["a number", 1],
])("no proof is not an empty list of proofs that all verify: %s", async (_, proof) => {
  const error = await refusal({ ...signed, proof });

  expect(error).toBeInstanceOf(ProofError);
  expect([error.code, error.pointer]).toEqual(["no-proof", "/proof"]);
});

test.each<[string, Record<string, Json | undefined>]>([
  ["an older type", { type: "Ed25519Signature2020", cryptosuite: undefined }],
  ["an older suite", { cryptosuite: "eddsa-2022" }],
  ["the suite upon JCS", { cryptosuite: "eddsa-jcs-2022" }],
  ["selective disclosure", { cryptosuite: "ecdsa-sd-2023" }],
  ["no suite", { cryptosuite: undefined }],
  ["a type in an array", { type: ["DataIntegrityProof"] }],
])("a proof that we do not know is not called a bad signature: %s", async (_, changes) => {
  const error = await refusal(changed(changes));

  expect(error).toBeInstanceOf(UnsupportedError);
  expect([error.code, error.pointer]).toEqual(["unsupported-proof", "/proof/0"]);
});

test.each<[Record<string, Json | undefined>, string, string]>([
  [{ proofPurpose: "authentication" }, "wrong-purpose", "/proofPurpose"],
  [{ proofPurpose: undefined }, "wrong-purpose", "/proofPurpose"],
  [{ proofPurpose: ["assertionMethod"] }, "wrong-purpose", "/proofPurpose"],
  [{ domain: "https://verifier.example" }, "wrong-audience", ""],
  [{ challenge: "x" }, "wrong-audience", ""],
  [{ nonce: "x" }, "wrong-audience", ""],
  [{ jws: "x" }, "bad-proof", ""],
  [{ constructor: "x" }, "bad-proof", ""],
  [{ "@context": ["https://www.w3.org/ns/credentials/v2"] }, "bad-proof", ""],
  [{ verificationMethod: undefined }, "bad-proof", "/verificationMethod"],
  [{ verificationMethod: "" }, "bad-proof", "/verificationMethod"],
  [{ verificationMethod: `did:web:${"x".repeat(2048)}` }, "bad-proof", "/verificationMethod"],
  [{ verificationMethod: { id: KEY_ID } }, "bad-proof", "/verificationMethod"],
  [{ id: 1 }, "bad-proof", "/verificationMethod"],
  [{ id: null }, "bad-proof", "/verificationMethod"],
  [{ created: "2026-11-01" }, "bad-proof", "/created"],
  [{ created: "2026-11-01T00:00:00" }, "bad-proof", "/created"],
  [{ created: "2026-11-01T00:00:00z" }, "bad-proof", "/created"],
  [{ created: "2026-13-01T00:00:00Z" }, "bad-proof", "/created"],
  [{ created: 1 }, "bad-proof", "/created"],
  [{ expires: "2026-11-01T00:00:00Z\n" }, "bad-proof", "/expires"],
  [{ proofValue: undefined }, "bad-proof-value", "/proofValue"],
  [{ proofValue: 1 }, "bad-proof-value", "/proofValue"],
  [{ proofValue: "uAAAA" }, "bad-proof-value", "/proofValue"],
  [{ proofValue: "z" }, "bad-proof-value", "/proofValue"],
  [{ proofValue: "z0OIl" }, "bad-proof-value", "/proofValue"],
  [{ proofValue: `z${"1".repeat(200)}` }, "bad-proof-value", "/proofValue"],
  [{ proofValue: `z${"2".repeat(60)}` }, "bad-proof-value", "/proofValue"],
  [{ previousProof: [] }, "unknown-previous-proof", "/previousProof"],
  [{ previousProof: [1] }, "unknown-previous-proof", "/previousProof"],
  [{ previousProof: "urn:x:1", id: "urn:x:1" }, "unknown-previous-proof", "/previousProof"],
])("a proof of another form is refused with its place: %j", async (changes, code, member) => {
  const error = await refusal(changed(changes));

  expect(error).toBeInstanceOf(ProofError);
  expect([error.code, error.pointer]).toEqual([code, `/proof/0${member}`]);
});

test.each([" ", "\n", "1"])("a proof value has one spelling: not with %j behind it", async (more) => {
  const [proof] = signed["proof"] as { proofValue: string }[];

  expect((await refusal(changed({ proofValue: `${proof?.proofValue}${more}` }))).code).toBe("bad-proof-value");
});

test.each<Record<string, Json | undefined>>([
  { created: undefined },
  { created: "2026-11-02T00:00:00Z" },
  { id: "urn:x:1" },
  { expires: "2099-01-01T00:00:00Z" },
])("the options of a proof are signed too: %j", async (changes) => {
  expect((await refusal(changed(changes))).code).toBe("bad-signature");
});

test("a forged badge does not verify, nor one whose key is missing or of another kind", async () => {
  const forged = await withProof(BADGE, { ...second, id: KEY_ID });

  expect((await refusal(forged)).code).toBe("bad-signature");
  expect((await refusal({ ...signed, name: "x" })).code).toBe("bad-signature");
  expect((await refusal(signed, new Map())).code).toBe("key-missing");
  expect((await refusal(signed, new Map([[KEY_ID, elliptic.key]]))).code).toBe("wrong-algorithm");
});

test("a relative key id is named with its place", async () => {
  const error = await refusal(changed({ verificationMethod: "k1" }), new Map([["k1", first.key]]));

  expect([error.code, error.pointer]).toEqual(["relative-iri", "/proof/verificationMethod"]);
});

describe("sets and chains", () => {
  test("every proof of a set must verify", async () => {
    const both = await withProof(signed, second);
    const oneBad = await withProof(signed, { ...first, id: SECOND_ID });

    expect((await verify(peek(JSON.stringify(both), DOCUMENTS), keys)).proofs).toHaveLength(2);
    expect((await refusal(oneBad)).code).toBe("bad-signature");
  });

  test("a proof upon another one covers it", async () => {
    const begun = await withProof(BADGE, first, { id: "urn:x:1" });
    const chain = await withProof(begun, second, { previousProof: "urn:x:1" });
    const [, last] = chain["proof"] as JsonObject[];
    const other = await withProof(BADGE, first, { id: "urn:x:1", expires: "2099-01-01T00:00:00Z" });
    const exchanged = { ...chain, proof: [(other["proof"] as JsonObject[])[0], last] };

    expect((await verify(peek(JSON.stringify(chain), DOCUMENTS), keys)).proofs).toHaveLength(2);
    expect((await refusal(exchanged)).code).toBe("bad-signature");
    expect((await refusal({ ...chain, proof: [last] })).code).toBe("unknown-previous-proof");
  });

  test("names of proofs are not given twice, and there are few of them", async () => {
    const [proof = {}] = signed["proof"] as JsonObject[];
    const named = { ...proof, id: "urn:x:1" };

    expect((await refusal({ ...signed, proof: [named, named] })).code).toBe("unknown-previous-proof");
    expect((await refusal({ ...signed, proof: Array(MAX_PROOFS + 1).fill(proof) })).code).toBe("too-many-proofs");
  });
});

describe("a proof around the credential", () => {
  async function jws(payload: JsonObject, header: JsonObject = { alg: "EdDSA", kid: KEY_ID }): Promise<string> {
    const encode = (value: JsonObject) => base64url.encode(new TextEncoder().encode(JSON.stringify(value)));
    const input = `${encode(header)}.${encode(payload)}`;
    const signature = await crypto.subtle.sign("Ed25519", first.pair.privateKey, new TextEncoder().encode(input));
    return `${input}.${base64url.encode(new Uint8Array(signature))}`;
  }
  const claims = {
    iss: ISSUER,
    sub: "urn:uuid:11111111-2222-4333-8444-555555555555",
    jti: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    nbf: 1793491200,
  };

  test("verifies, and the claims come without those that repeat them", async () => {
    const verified = await verify(peek(await jws({ ...BADGE, ...claims, iat: 1793491200 }), DOCUMENTS), keys);

    expect(verified.mechanism).toBe("vc-jwt");
    expect(verified.claims).toEqual(BADGE);
    expect(verified.warnings).toEqual([]);
    expect(verified.proofs[0]?.created).toBe("2026-11-01T00:00:00Z");
  });

  test.each<[string, JsonObject, string, string]>([
    ["another claim", { jti: "urn:x:1" }, "claim-mismatch", ""],
    ["a proof inside, too", { proof: {} }, "two-mechanisms", "/proof"],
    ["a foreign context", { "@context": ["https://evil.example/"] }, "unknown-context", "/@context/0"],
    ["an undefined member", { secret: 1 }, "undefined-term", "/secret"],
    ["a member of a prototype", { constructor: 1 }, "undefined-term", "/constructor"],
    ["a keyword", { "@included": [] }, "hidden-claims", "/@included"],
    ["null", { evidence: [{ name: null }] }, "hidden-claims", "/evidence/0/name"],
    ["a context below", { evidence: [{ "@context": [] }] }, "nested-context", "/evidence/0/@context"],
  ])("is refused before its key is asked for: %s", async (_, changes, code, pointer) => {
    const error = await refusal(await jws({ ...BADGE, ...claims, ...changes }), new Map());

    expect([error.code, error.pointer]).toEqual([code, pointer]);
  });

  test("an embedded credential may use the words of its own contexts, and only it", async () => {
    const v2 = "https://www.w3.org/ns/credentials/v2";
    const multikey = "https://w3id.org/security/multikey/v1";
    const endorsement = {
      "@context": [v2, multikey],
      type: ["VerifiableCredential", "EndorsementCredential"],
      revoked: "2026-11-01T00:00:00Z",
    };
    const sound = await jws({ ...BADGE, ...claims, endorsement: [endorsement] });
    const error = await refusal(await jws({ ...BADGE, ...claims, endorsement: [endorsement], revoked: "x" }));

    expect((await verify(peek(sound, DOCUMENTS), keys)).mechanism).toBe("vc-jwt");
    expect([error.code, error.pointer]).toEqual(["undefined-term", "/revoked"]);
  });

  test("needs a key that is named or embedded, and the signature of this key", async () => {
    const text = await jws({ ...BADGE, ...claims });

    expect((await refusal(await jws({ ...BADGE, ...claims }, { alg: "EdDSA" }))).code).toBe("no-key");
    expect((await refusal(text, new Map())).code).toBe("key-missing");
    expect((await refusal(text, new Map([[KEY_ID, second.key]]))).code).toBe("bad-signature");
    expect((await refusal(text, new Map([[KEY_ID, elliptic.key]]))).code).toBe("wrong-algorithm");
  });
});

test.each([
  ["\ufeff{}", "not-utf-8"],
  ["[]", "not-an-object"],
  ["{", "not-json"],
  ["", "not-a-jws"],
  ["a.b", "not-a-jws"],
])("what is neither is told by what it looks like: %j", async (text, code) => {
  expect((await refusal(text)).code).toBe(code);
});

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The keys that did:key verification methods name, where they can be read. */
function namedKeys(document: JsonObject): ReadonlyMap<string, PublicKey> {
  const proofs = [document["proof"] ?? []].flat() as JsonObject[];
  const found = new Map<string, PublicKey>();
  for (const method of proofs.map((proof) => String(proof["verificationMethod"]))) {
    try {
      found.set(method, fromMultikey(method.slice(method.indexOf("#") + 1)));
    } catch (error) {
      if (!(error instanceof KeyFormatError)) throw error;
    }
  }
  return found;
}

const PUBLISHED = [
  "eddsa-rdfc-2022/signedDataInt.json",
  "proof-set-chain/signedProofSet1.json",
  "proof-set-chain/signedProofSet2.json",
  "proof-set-chain/signedProofChain1.json",
  "proof-set-chain/signedProofChain2.json",
];

testOfVectors("what W3C signed verifies, and no longer once altered", async () => {
  const folder = "w3c-vc-di-eddsa";

  for (const name of PUBLISHED) {
    const document = jsonVector<JsonObject>(folder, name);
    const by = namedKeys(document);
    const altered = JSON.stringify({ ...document, name: "x" });

    expect((await verify(peek(JSON.stringify(document), WITH_EXAMPLES), by)).proofs.length).toBeGreaterThan(0);
    await expect(verify(peek(altered, WITH_EXAMPLES), by)).rejects.toThrow("bad-signature");
  }
});

testOfVectors("every step of the guide of 1EdTech is reproduced, and its learner record verifies", async () => {
  const folder = "1edtech-spec";
  const known = jsonVector<Record<string, string>>(folder, "kat/key-and-hashes.json");
  const text = (name: string) => decoded(vector(folder, name));

  for (const kind of ["kat", "kat-clr"]) {
    const { proof, ...unsecured } = jsonVector<JsonObject>(folder, `${kind}/signed-credential.json`);
    const [{ proofValue: _, ...options } = {}] = [proof ?? []].flat() as JsonObject[];
    const lines = (document: JsonObject) => decoded(canonical(document, CONTEXTS));

    expect(lines(unsecured)).toBe(text(`${kind}/document-canon.txt`));
    expect(lines({ "@context": unsecured["@context"] ?? null, ...options })).toBe(text(`${kind}/proof-canon.txt`));
    if (kind === "kat") {
      expect(hex(hashData(unsecured, options, CONTEXTS))).toBe(`${known["proofHashHex"]}${known["documentHashHex"]}`);
    }
    const signed = text(`${kind}/signed-credential.json`);
    const by = namedKeys(JSON.parse(signed) as JsonObject);
    if (by.size > 0) await expect(verify(peek(signed, DOCUMENTS), by)).resolves.toBeDefined();
  }
});

testOfVectors("the 64 bytes that W3C signed are ours", () => {
  const folder = "w3c-vc-di-eddsa";
  const unsigned = jsonVector<JsonObject>(folder, "unsigned.json");
  const options = jsonVector<JsonObject>(folder, "eddsa-rdfc-2022/proofConfigDataInt.json");
  const published = decoded(vector(folder, "eddsa-rdfc-2022/combinedHashDataInt.txt")).trim();

  expect(hex(hashData(unsigned, options, contextSet(WITH_EXAMPLES.contexts)))).toBe(published);
});

// What is wrong with each file of ob-attack that has a proof inside; "" for nothing that a proof could tell.
const ATTACKS: Readonly<Record<string, string>> = {
  "di-000-valid": "",
  "ld-004-null-prop": "hidden-claims",
  "ld-006-included-hides-expiry": "hidden-claims",
  "ld-007-included-hides-status": "hidden-claims",
  "ld-010-iri-key-status": "undefined-term",
  "ld-011-iri-key-expiry": "undefined-term",
  "ld-012-graph-wrapper": "hidden-claims",
  "ld-015-at-type": "undefined-term",
  "ld-020-inline-alias-nest": "unknown-context",
  "ld-023-nested-vocab": "nested-context",
  "ld-031-remote-context": "unknown-context",
  "ld-032-remote-context": "unknown-context",
  "ld-033-remote-context": "unknown-context",
  "ld-035-remote-context": "unknown-context",
  "ld-036-remote-context": "unknown-context",
  "ld-040-context-order": "unknown-context",
  "ld-041-import": "unknown-context",
  "pf-003-purpose-auth": "wrong-purpose",
  "pf-004-purpose-missing": "wrong-purpose",
  "pf-005-no-proof": "no-proof",
  "pf-006-empty-proof-array": "no-proof",
  "pf-007-set-one-bad": "bad-signature",
  "pf-009-previousproof-missing": "unknown-previous-proof",
  "pf-011-proof-created-future": "",
  "pf-012-domain-challenge": "wrong-audience",
  "pf-017-multibase-u": "bad-proof-value",
  "pf-018-trailing": "bad-proof-value",
  "pf-019-space": "bad-proof-value",
  "pf-020-short": "bad-proof-value",
  "pf-022-small-order-key": "key-missing",
  "pf-031-vm-lies": "bad-signature",
  "rdf-007-clique7": "undefined-term",
  "rdf-009-clique10": "undefined-term",
};

testOfVectors("the attacks on embedded proofs are refused, each for its reason", async () => {
  const folder = "ob-attack";

  for (const [name, code] of Object.entries(ATTACKS)) {
    const text = decoded(vector(folder, `${name}.json`));
    const by = namedKeys(JSON.parse(text) as JsonObject);
    const found = Promise.resolve(text).then((one) => verify(peek(one, DOCUMENTS), by));
    if (code === "") await expect(found, name).resolves.toBeDefined();
    else await expect(found, name).rejects.toThrow(code);
  }
});
