// Documents as statements: one accepted spelling, nothing dropped, nothing fetched.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import fc from "fast-check";
import jsonld from "jsonld";
import { expect, test } from "vitest";
import { ShapeError } from "../src/errors";
import type { JsonObject } from "../src/json";
import { canonical } from "../src/proof/canonical";
import { ContextSet, MAX_COMPILED } from "../src/proof/contexts";
import { MAX_COMBINATIONS, MAX_DEPTH, MAX_VALUES, type Members } from "../src/proof/jsonld";
import { DOCUMENTS, EXAMPLES } from "./standard-documents";
import { jsonVector, testOfVectors, vector } from "./vectors";

const V2 = "https://www.w3.org/ns/credentials/v2";
const V1 = "https://www.w3.org/2018/credentials/v1";
const OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const OURS = "https://issuer.example/context.json";
const PINNED = new ContextSet(DOCUMENTS.contexts);
const WITH_EXAMPLES = new ContextSet({ ...DOCUMENTS.contexts, ...EXAMPLES });

function achievement(changes: Members = {}): Members {
  return {
    id: "https://issuer.example/achievements/1/1",
    type: ["Achievement"],
    name: "データ入門",
    description: "データの読み方を学ぶ。",
    criteria: { narrative: "修了テストに合格する。" },
    ...changes,
  };
}

function subject(changes: Members = {}): Members {
  return {
    id: "urn:uuid:11111111-2222-4333-8444-555555555555",
    type: ["AchievementSubject"],
    achievement: achievement(),
    ...changes,
  };
}

function badge(changes: Members = {}): Members {
  return {
    "@context": [V2, OB],
    id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    type: ["VerifiableCredential", "OpenBadgeCredential"],
    issuer: { id: "did:web:issuer.example", type: ["Profile"], name: "北の学校" },
    validFrom: "2026-11-01T00:00:00+09:00",
    name: "データ入門",
    credentialSubject: subject(),
    ...changes,
  };
}

const ALIGNMENT = { type: ["Alignment"], targetName: "項目", targetUrl: "https://registry.example/items/1" };
const LEVELS = [
  { id: "urn:example:l1", type: ["RubricCriterionLevel"], name: "初級", alignment: [ALIGNMENT] },
  { id: "urn:example:l2", type: ["RubricCriterionLevel"], name: "中級" },
];
const RESULT = {
  id: "urn:example:rubric",
  type: ["ResultDescription"],
  name: "到達度",
  resultType: "RubricCriterionLevel",
  allowedValue: ["低", "中", "高"],
  rubricCriterionLevel: LEVELS,
};
const PROOF = {
  type: "DataIntegrityProof",
  cryptosuite: "eddsa-rdfc-2022",
  proofPurpose: "assertionMethod",
  verificationMethod: "did:web:other.example#k1",
  proofValue: "z1",
};
const ENDORSEMENT = {
  "@context": [V2, OB],
  id: "urn:uuid:99999999-2222-4333-8444-555555555555",
  type: ["VerifiableCredential", "EndorsementCredential"],
  issuer: { id: "did:web:other.example", type: ["Profile"] },
  validFrom: "2026-11-01T00:00:00+09:00",
  name: "推薦",
  credentialSubject: { id: "https://issuer.example/achievements/1/1", type: ["EndorsementSubject"] },
  proof: PROOF,
};
const STATUS = {
  type: "BitstringStatusListEntry",
  statusPurpose: "revocation",
  statusListIndex: "7",
  statusListCredential: "https://issuer.example/status/1",
};

function withTerms(terms: Members): ContextSet {
  return new ContextSet({ ...DOCUMENTS.contexts, [OURS]: { "@context": terms as JsonObject } });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The canonical N-Quads of a general JSON-LD processor; lenient where ours is strict. */
async function byJsonld(document: unknown, contexts: Record<string, unknown> = DOCUMENTS.contexts): Promise<string> {
  const documentLoader = async (url: string) => ({ contextUrl: null, documentUrl: url, document: contexts[url] });
  return jsonld.canonize(document, { algorithm: "RDFC-1.0", format: "application/n-quads", documentLoader });
}

/** Code and pointer of the refusal. */
function refusal(document: Members, contexts = PINNED): readonly [string, string] {
  try {
    canonical(document, contexts);
  } catch (error) {
    if (error instanceof ShapeError) return [error.code, error.pointer];
    throw error;
  }
  throw new Error("the document was accepted");
}

test.each<[string, Members]>([
  ["a badge", badge()],
  ["an issuer by its id", badge({ issuer: "did:web:issuer.example" })],
  ["the other name of a badge", badge({ type: ["VerifiableCredential", "AchievementCredential"] })],
  ["alignments", badge({ credentialSubject: subject({ achievement: achievement({ alignment: [ALIGNMENT] }) }) })],
  [
    "an alignment",
    badge({ credentialSubject: subject({ achievement: achievement({ alignment: ALIGNMENT, tag: "一" }) }) }),
  ],
  ["results", badge({ credentialSubject: subject({ achievement: achievement({ resultDescription: [RESULT] }) }) })],
  ["credits", badge({ credentialSubject: subject({ creditsEarned: 3.0, role: "受講者" }) })],
  ["half credits", badge({ credentialSubject: subject({ creditsEarned: 2.5 }) })],
  ["hardly any credits", badge({ credentialSubject: subject({ creditsEarned: 1.5e-7 }) })],
  ["no credits", badge({ credentialSubject: subject({ creditsEarned: -0 }) })],
  ["a moment of the award", badge({ awardedDate: "2026-11-01T00:00:00Z", validUntil: "2027-11-01T00:00:00Z" })],
  ["a status", badge({ credentialStatus: STATUS })],
  ["a picture", badge({ image: { id: "https://issuer.example/badge.png", type: "Image", caption: "バッジ" } })],
  ["escapes", badge({ name: '"引用\\"\t\n\r' })],
  ["endorsements", badge({ endorsement: [ENDORSEMENT, { ...ENDORSEMENT, id: "urn:uuid:99999999-2222-4333-8444-0" }] })],
])("the accepted shape means what other processors say: %s", async (_, document) => {
  expect(text(canonical(document, PINNED))).toBe(await byJsonld(document));
});

// JavaScript sorts other characters otherwise, and the library follows JavaScript.
const words = fc.string({ unit: fc.constantFrom("a", "B", "あ", "漢", '"', "\\", "\n", " ", "é"), maxLength: 8 });
const identifiers = fc.integer({ min: 0, max: 3 }).map((number) => `https://issuer.example/things/${number}`);
const descriptions = fc.record(
  {
    id: identifiers,
    type: fc.constant(["ResultDescription"]),
    name: words,
    resultType: fc.constant("Result"),
    allowedValue: fc.array(words, { minLength: 1, maxLength: 3 }),
    valueMax: words,
  },
  { requiredKeys: ["id", "type", "name", "resultType"] },
);
const alignments = fc.record(
  { type: fc.constant(["Alignment"]), targetName: words, targetUrl: identifiers, targetCode: words },
  { requiredKeys: ["type", "targetName", "targetUrl"] },
);
// The library takes 1e-7 for a whole number, there being no point in it.
const fractions = fc.float({ noNaN: true, noDefaultInfinity: true }).filter((one) => !/^-?\de-/.test(String(one)));
const achievements = fc.record(
  {
    id: fc.constant("https://issuer.example/a/1"),
    type: fc.constant(["Achievement"]),
    name: words,
    description: words,
    criteria: fc.record({ narrative: words }),
    alignment: fc.array(alignments, { minLength: 1, maxLength: 3 }),
    tag: fc.uniqueArray(words, { minLength: 1, maxLength: 3 }),
    creditsAvailable: fc.oneof(fractions, fc.integer({ min: -9, max: 9 })),
    resultDescription: fc.array(descriptions, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ["id", "type", "name", "description"] },
);

test("whatever is accepted means what other processors say", async () => {
  await fc.assert(
    fc.asyncProperty(achievements, async (made) => {
      const document = badge({ credentialSubject: subject({ achievement: made }) });
      let ours;
      try {
        ours = text(canonical(document, PINNED));
      } catch (error) {
        expect(error).toBeInstanceOf(ShapeError);
        expect(["unsafe-number", "hidden-claims"]).toContain((error as ShapeError).code);
        return;
      }

      expect(ours).toBe(await byJsonld(document));
    }),
    { numRuns: 60 },
  );
});

test.each<[string, Members, string, string]>([
  ["a foreign context", { "@context": [V2, "https://evil.example/"] }, "unknown-context", "/@context/1"],
  ["a context inline", { "@context": [V2, {}] }, "unknown-context", "/@context/1"],
  ["a prototype's member for a context", { "@context": [V2, "constructor"] }, "unknown-context", "/@context/1"],
  ["another context first", { "@context": [OB, V2] }, "unknown-context", "/@context"],
  ["no context", { "@context": [] }, "unknown-context", "/@context"],
  ["one context twice", { "@context": [V2, OB, V2] }, "unknown-context", "/@context"],
  ["contexts that contradict each other", { "@context": [V2, V1, OB] }, "unknown-context", "/@context"],
  ["an undefined member", { secret: "x" }, "undefined-term", "/secret"],
  ["a prototype's member", { constructor: "x" }, "undefined-term", "/constructor"],
  ["the prototype", { ["__proto__"]: "x" }, "undefined-term", "/__proto__"],
  ["a member with a slash", { "a/b~": "x" }, "undefined-term", "/a~1b~0"],
  ["a keyword", { "@included": [] }, "hidden-claims", "/@included"],
  ["a type nobody defines", { type: ["VerifiableCredential", "X"] }, "undefined-type", "/type"],
  ["a prototype's member for a type", { type: ["VerifiableCredential", "toString"] }, "undefined-type", "/type"],
  ["no type", { type: [] }, "hidden-claims", "/type"],
  ["a type twice", { type: ["VerifiableCredential", "VerifiableCredential"] }, "hidden-claims", "/type"],
  ["both names of a badge", { type: ["OpenBadgeCredential", "AchievementCredential"] }, "hidden-claims", "/type"],
  ["a number for a type", { type: [1] }, "undefined-type", "/type"],
  ["too many types", { type: Array(9).fill("VerifiableCredential") }, "too-complex", "/type"],
  ["a relative id", { id: "badge" }, "relative-iri", "/id"],
  ["an id with white space", { id: "urn:x:a b" }, "relative-iri", "/id"],
  ["null", { name: null }, "hidden-claims", "/name"],
  ["an empty array", { evidence: [] }, "hidden-claims", "/evidence"],
  ["an array in an array", { name: [["x"]] }, "hidden-claims", "/name/0"],
  ["a value twice", { name: ["x", "x"] }, "hidden-claims", "/name"],
  ["a full name of a property", { "https://schema.org/name": "x" }, "undefined-term", "/https:~1~1schema.org~1name"],
  ["a blank node's name", { id: "_:b0" }, "relative-iri", "/id"],
  ["a context below", { issuer: { "@context": [V2], id: "did:x:y" } }, "nested-context", "/issuer/@context"],
  ["a proof that is no object", { proof: "x" }, "hidden-claims", "/proof"],
])("another spelling is refused, and its place named: %s", (_, changes, code, pointer) => {
  expect(refusal(badge(changes))).toEqual([code, pointer]);
});

test.each([
  [1.5, '"1.5E0"'],
  [-0.1, '"-1.0E-1"'],
  [123456.789, '"1.23456789E5"'],
  [5e-324, '"4.940656458412465E-324"'],
  // Just between two decimals of 16 digits: printf takes the even one, toExponential the greater one.
  [1125899906842624.5, '"1.125899906842624E15"'],
  [1125899906842625.5, '"1.125899906842626E15"'],
  [-1125899906842624.5, '"-1.125899906842624E15"'],
])("a number with a fraction is written as printf does: %d", (value, written) => {
  const document = badge({ credentialSubject: subject({ creditsEarned: value }) });

  expect(text(canonical(document, PINNED))).toContain(`${written}^^<`);
});

test.each([2 ** 53, -(2 ** 53), 1e300, Infinity, NaN])(
  "a number that was read as another one is refused: %d",
  (value) => {
    const document = badge({ credentialSubject: subject({ creditsEarned: value }) });

    expect(refusal(document)).toEqual(["unsafe-number", "/credentialSubject/creditsEarned"]);
  },
);

test("characters that XML cannot hold are escaped", () => {
  expect(text(canonical(badge({ name: "\0\u000b\x7f\ufffe\uffff" }), PINNED))).toContain(
    String.raw`"\u0000\u000B\u007F\uFFFE\uFFFF"`,
  );
});

test("a status cannot be described in two places", () => {
  const status = { ...STATUS, id: "urn:x:status" };
  const hidden = { id: "urn:x:status", type: ["BitstringStatusListEntry"], statusPurpose: "suspension" };

  expect(refusal(badge({ credentialStatus: [status, hidden] }))).toEqual(["hidden-claims", "/credentialStatus/1"]);
});

test("depth and size have their limits", () => {
  let deep: Members = { id: "did:x:y", type: ["Profile"] };
  for (let level = 0; level < MAX_DEPTH; level++) deep = { type: ["Profile"], parentOrg: deep };
  const many = Array.from({ length: MAX_VALUES }, (_, index) => `語${index}`);

  expect(refusal(badge({ issuer: deep }))[0]).toBe("too-complex");
  expect(refusal(badge({ name: many }))[0]).toBe("too-complex");
});

test("made-up combinations of types do not fill the memory", () => {
  const types = Array.from({ length: 14 }, (_, index) => `T${index}`);
  const terms = types.map((type) => [type, { "@id": `urn:x:${type}`, "@context": { [`in${type}`]: "urn:x:in" } }]);
  const context = { type: "@type", id: "@id", in: "urn:x:of", ...Object.fromEntries(terms) };
  const contexts = new ContextSet({ [V2]: { "@context": context } });
  const nodes = types.flatMap((one, index) => types.slice(0, index).map((other) => ({ type: [one, other] })));

  expect(refusal({ "@context": V2, in: nodes }, contexts)).toEqual(["too-complex", `/in/${MAX_COMBINATIONS}/type`]);
});

test("of two terms for one property only the one that compaction chooses is taken", () => {
  const contexts = withTerms({ two: "urn:x:of", one: "urn:x:of" });

  expect(text(canonical({ "@context": [V2, OURS], one: "x" }, contexts))).toContain("<urn:x:of>");
  expect(refusal({ "@context": [V2, OURS], two: "x" }, contexts)).toEqual(["hidden-claims", "/two"]);
});

test("two members for one property do not stand in one node", () => {
  const contexts = withTerms({ "@vocab": "urn:x:", one: "urn:x:two" });

  expect(refusal({ "@context": [V2, OURS], one: "x", two: "y" }, contexts)).toEqual(["hidden-claims", "/two"]);
});

test("a compact IRI is a second spelling", () => {
  const contexts = withTerms({ ex: { "@id": "https://issuer.example/", "@prefix": true } });

  expect(refusal({ "@context": [V2, OURS], id: "ex:1" }, contexts)).toEqual(["hidden-claims", "/id"]);
});

test("compiled contexts are forgotten when there are many, and mean the same afterwards", () => {
  const contexts = new ContextSet(DOCUMENTS.contexts);
  const before = text(canonical(badge(), contexts));
  const root = contexts.root([V2, OB]);
  for (let index = 0; index < MAX_COMPILED + 1; index++) contexts.compile(root, `type ${index} x`, []);

  expect(contexts.root([V2, OB])).not.toBe(root);
  expect(text(canonical(badge(), contexts))).toBe(before);
});

test.each<[string, unknown]>([
  ["a term defined by itself", { a: { "@id": "b:x" }, b: { "@id": "a:x" } }],
  ["an import", { "@import": V2 }],
  ["a term with a colon", { "a:b": "urn:x:y" }],
  ["the name of another context", "https://issuer.example/more.json"],
  ["a protected term anew", { VerifiableCredential: "urn:x:y" }],
  ["protected terms cleared", null],
])("a context with more to it than is read is refused whole: %s", (_, context) => {
  const contexts = new ContextSet({ ...DOCUMENTS.contexts, [OURS]: { "@context": context as string } });

  expect(() => contexts.root([V2, OURS])).toThrow("unknown-context");
});

test.each<[string, unknown, unknown]>([
  ["@nest", "@nest", { validUntil: "2099-01-01T00:00:00Z" }],
  ["@included", "@included", [{ id: "urn:example:x" }]],
  ["@graph", "@graph", []],
  ["@index", "@index", "x"],
  ["a reverse property", { "@reverse": "urn:x:of" }, { id: "urn:example:x" }],
  ["languages", { "@id": "urn:x:of", "@container": "@language" }, { ja: "x" }],
  ["an index", { "@id": "urn:x:of", "@container": "@index" }, { x: "y" }],
  ["JSON", { "@id": "urn:x:of", "@type": "@json" }, { x: "y" }],
  ["doubles", { "@id": "urn:x:of", "@type": "http://www.w3.org/2001/XMLSchema#double" }, "1"],
  ["a language", { "@id": "urn:x:of", "@language": "ja" }, "x"],
])("a term that restructures a document is refused even in a pinned context: %s", (_, definition, value) => {
  const document = { "@context": [V2, OURS], type: "VerifiableCredential", ours: value };

  expect(refusal(document, withTerms({ ours: definition }))).toEqual(["hidden-claims", "/ours"]);
});

testOfVectors("document and proof options of W3C give the published statements and hashes", () => {
  const folder = "w3c-vc-di-eddsa";
  const steps = `${folder}/eddsa-rdfc-2022`;
  const unsigned = canonical(jsonVector<Members>(folder, "unsigned.json"), WITH_EXAMPLES);
  const options = canonical(jsonVector<Members>(steps, "proofConfigDataInt.json"), WITH_EXAMPLES);

  expect(text(unsigned)).toBe(text(vector(steps, "canonDocDataInt.txt")));
  expect(text(options)).toBe(text(vector(steps, "proofCanonDataInt.txt")));
  expect(bytesToHex(sha256(unsigned))).toBe(text(vector(steps, "docHashDataInt.txt")).trim());
  expect(bytesToHex(sha256(options))).toBe(text(vector(steps, "proofHashDataInt.txt")).trim());
});
