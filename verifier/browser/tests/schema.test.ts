// Schemas: which one counts, and what is said of what breaks it.

import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import type { Claims, Json, JsonObject } from "../src/json";
import { MAX_VIOLATIONS, violations } from "../src/schema";
import { FORMATS } from "../src/schema/formats";
import { SchemaSet } from "../src/schema/json-schema";
import { DOCUMENTS } from "./standard-documents";
import { jsonVector, testOfVectors, vectorNames } from "./vectors";

const V2 = "https://www.w3.org/ns/credentials/v2";
const OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const ACHIEVEMENT = {
  id: "https://kita.example/a/1",
  type: ["Achievement"],
  name: "データ入門",
  description: "データの読み方",
  criteria: { narrative: "合格" },
};
const BADGE: Claims = {
  "@context": [V2, OB],
  id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
  type: ["VerifiableCredential", "OpenBadgeCredential"],
  issuer: { id: "did:web:kita.example", type: ["Profile"] },
  validFrom: "2026-11-01T00:00:00+09:00",
  credentialSubject: { id: "urn:uuid:1", type: ["AchievementSubject"], achievement: ACHIEVEMENT },
};
const ENDORSEMENT: Claims = {
  "@context": [V2, OB],
  id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3e",
  type: ["VerifiableCredential", "EndorsementCredential"],
  name: "推薦",
  issuer: { id: "did:web:body.example", type: ["Profile"] },
  validFrom: "2026-11-01T00:00:00Z",
  credentialSubject: { id: "https://kita.example/a/1", type: ["EndorsementSubject"] },
};
const LIST: Claims = {
  "@context": [V2],
  type: ["VerifiableCredential", "BitstringStatusListCredential"],
  issuer: "did:web:kita.example",
  credentialSubject: { type: "BitstringStatusList" },
};
const OLDER: Claims = {
  "@context": ["https://www.w3.org/2018/credentials/v1"],
  type: ["VerifiableCredential", "OpenBadgeCredential"],
  issuer: "https://kita.example/",
  issuanceDate: "2022-01-01T00:00:00Z",
  credentialSubject: { id: "did:example:1" },
};

function broken(credential: Claims): readonly (readonly [string, string])[] {
  return violations(credential, DOCUMENTS.schemas).map(({ pointer, message }) => [pointer, message]);
}

test.each([
  ["a badge", BADGE],
  ["an endorsement", ENDORSEMENT],
  ["a status list", LIST],
  ["a credential of VCDM 1.1", OLDER],
  ["a badge with an endorsement", { ...BADGE, endorsement: [ENDORSEMENT as JsonObject] }],
])("a sound credential breaks nothing: %s", (_, credential) => {
  expect(broken(credential)).toEqual([]);
});

test.each<[string, Claims, string, string]>([
  [
    "no name",
    { ...BADGE, credentialSubject: { type: ["AchievementSubject"] } },
    "/credentialSubject",
    "lacks achievement",
  ],
  [
    "a moment without its zone",
    { ...BADGE, validFrom: "2026-11-01T00:00:00" },
    "/validFrom",
    "breaks the rule 'format'",
  ],
  ["an id that is no URI", { ...LIST, id: "no uri" }, "/id", "breaks the rule 'format'"],
  ["an issuer without id", { ...BADGE, issuer: { type: ["Profile"] } }, "/issuer", "lacks id"],
  [
    "a subject without type",
    { ...BADGE, credentialSubject: { achievement: ACHIEVEMENT } },
    "/credentialSubject",
    "lacks type",
  ],
  ["contexts in another order", { ...ENDORSEMENT, "@context": [OB, V2] }, "/@context/0", "breaks the rule 'enum'"],
  ["members of a prototype", { ...BADGE, issuer: { ["__proto__"]: "x" } }, "/issuer", "lacks id, type"],
])("what breaks the schema is told with its place: %s", (_, credential, pointer, message) => {
  expect(broken(credential)).toContainEqual([pointer, message]);
});

test("whatever a credential says of itself, some schema counts", () => {
  expect(broken({})).not.toEqual([]);
  expect(broken({ "@context": "x", type: 7 })).not.toEqual([]);
});

test("a thousand faults are not all told", () => {
  const many = Array.from({ length: 300 }, () => ({ type: 7 }));

  expect(broken({ ...BADGE, evidence: many }).length).toBeLessThanOrEqual(MAX_VIOLATIONS);
  expect(broken({ ...BADGE, evidence: [...many, ...many] })).toEqual([
    ["", "breaks its schema, and is too large to say where"],
  ]);
});

test("a schema with more to it than is read is refused, not passed over", () => {
  expect(() => new SchemaSet([]).rule({ $id: "urn:x", minimum: 3 })).toThrow("minimum");
  expect(() => new SchemaSet([]).rule({ $id: "urn:x", format: "email" })).toThrow("email");
  expect(() => new SchemaSet([]).rule({ $id: "urn:x", $ref: "#/$defs/none" })).toThrow("#/$defs/none");
});

describe("formats are those of RFC 3339 and RFC 3986", () => {
  test.each<[string, string, boolean]>([
    ["date-time", "2026-11-01T00:00:00Z", true],
    ["date-time", "2026-11-01t00:00:00.123456789012z", true],
    ["date-time", "2026-11-01T00:00:00-23:59", true],
    ["date-time", "2026-12-31T23:59:60Z", true],
    ["date-time", "2026-11-02T00:29:60+00:30", true],
    ["date-time", "2026-11-01T22:59:60-01:00", true],
    ["date-time", "2026-11-01T22:59:60Z", false],
    ["date-time", "2026-11-01 00:00:00Z", false],
    ["date-time", "2026-11-01T00:00:00", false],
    ["date-time", "2026-11-01T24:00:00Z", false],
    ["date-time", "2026-11-01T00:00Z", false],
    ["date-time", "2026-11-01T00:00:00Z\n", false],
    ["date-time", "2026-11-0.T00:0-:00Z", false],
    ["date-time", "1900-02-29T00:00:00Z", false],
    ["date", "2024-02-29", true],
    ["date", "0000-01-01", false],
    ["date", "0001-01-01", true],
    ["date", "2026-11-0.", false],
    ["date", "2026-02-29", false],
    ["date", "2026-1-1", false],
    ["uri", "did:web:x.example", true],
    ["uri", "http://[::1]:80/", true],
    ["uri", "http://[::1.2.3.4]", true],
    ["uri", "http://[1:2:3:4:5:6:7::]", true],
    ["uri", "http://[V1f.a:b]", true],
    ["uri", "http:///x", true],
    ["uri", "a://b//c?d#e", true],
    ["uri", "http://a/%41", true],
    ["uri", "http://a/%4", false],
    ["uri", "http://a/é", false],
    ["uri", "http://a:b", false],
    ["uri", "http://[1::2::3]/", false],
    ["uri", "http://[1::2:3:4:5:6:7:8]", false],
    ["uri", "http://[::01.2.3.4]", false],
    ["uri", "http://[]", false],
    ["uri", "http://a b", false],
    ["uri", "http://a#b#c", false],
    ["uri", "//a", false],
    ["uri", "a/b", false],
    ["uri", "", false],
  ])("%s %s: %s", (format, text, expected) => {
    expect(FORMATS.get(format)?.(text)).toBe(expected);
  });
});

/** What another implementation decides; its formats are laxer, so only whole documents without wrong formats are asked. */
function isValidByCfworker(credential: Json): boolean {
  const schema = DOCUMENTS.schemas["ob_v3p0_achievementcredential"] ?? {};
  return new Validator({ ...schema, $schema: "https://json-schema.org/draft/2019-09/schema" }, "2019-09").validate(
    credential,
  ).valid;
}

testOfVectors("the vectors of 1EdTech are valid where another implementation finds them valid", () => {
  const folders = ["1edtech-validator/ob30", "1edtech-spec/examples", "1edtech-spec/kat"];
  const badges = folders
    .flatMap((folder) => vectorNames(folder).map((name) => [folder, name] as const))
    .filter(([, name]) => name.endsWith(".json"))
    .map((path) => jsonVector<JsonObject>(...path))
    .filter((one) =>
      JSON.stringify([one["@context"], one["type"]]).match(/credentials\/v2.*(OpenBadge|Achievement)Cred/),
    );

  for (const badge of badges) expect(broken(badge).length === 0, JSON.stringify(badge)).toBe(isValidByCfworker(badge));
  expect(badges.length).toBeGreaterThan(30);
});
