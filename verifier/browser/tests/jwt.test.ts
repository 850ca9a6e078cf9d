import { describe, expect, test } from "vitest";
import { BadgeError, ClaimsError, MalformedDocumentError, ProofError, UnsupportedError } from "../src/errors";
import type { Claims } from "../src/json";
import * as base64url from "../src/keys/base64url";
import { fromJwk, type PublicKey } from "../src/keys/public-key";
import { checkRegisteredClaims, issuedAt, peekJws, verifyJws } from "../src/proof/jwt";
import { parseObject } from "../src/strict-json";
import { jsonVector, testOfVectors } from "./vectors";

// RFC 8037 appendix A.1 and A.4: a key and a JWS by it.
const RFC_8037_KEY = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const RFC_8037_JWS =
  "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." +
  "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
// RFC 7515 appendix A.3: the ES256 key whose header and payload its JWS has.
const RFC_7515_KEY = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};

function segment(text: string): string {
  return base64url.encode(new TextEncoder().encode(text));
}

function refusal(act: () => unknown): [unknown, string] {
  try {
    act();
  } catch (error) {
    if (error instanceof BadgeError) return [error.constructor, error.params["claim"] ?? error.code];
    throw error;
  }
  return [null, "accepted"];
}

describe("a compact JWS", () => {
  test("verifies with its own key, and with no other", async () => {
    const jws = peekJws(RFC_8037_JWS);
    const [header, payload] = RFC_8037_JWS.split(".");
    const forged = peekJws(`${header}.${payload}.${base64url.encode(new Uint8Array(64))}`);

    await verifyJws(jws, fromJwk(RFC_8037_KEY));
    expect(new TextDecoder().decode(jws.payload)).toBe("Example of Ed25519 signing");
    await expect(verifyJws(jws, fromJwk(RFC_7515_KEY))).rejects.toThrow(new ProofError("wrong-algorithm"));
    await expect(verifyJws(forged, fromJwk(RFC_8037_KEY))).rejects.toThrow(new ProofError("bad-signature"));
  });

  test.each([
    ["{}", MalformedDocumentError, "bad-header"],
    ['{"alg":"none"}', UnsupportedError, "unsupported-algorithm"],
    ['{"alg":"HS256"}', UnsupportedError, "unsupported-algorithm"],
    ['{"alg":"EdDSA","alg":"none"}', MalformedDocumentError, "duplicate-member"],
    ['{"alg":"EdDSA","crit":["b64"],"b64":false}', MalformedDocumentError, "bad-header"],
    ['{"alg":"EdDSA","x5u":"https://evil.example"}', MalformedDocumentError, "bad-header"],
    ['{"alg":"EdDSA","typ":"kb+jwt"}', MalformedDocumentError, "bad-header"],
    ['{"alg":"EdDSA","typ":null}', MalformedDocumentError, "bad-header"],
    ['{"alg":"EdDSA","kid":""}', MalformedDocumentError, "bad-header"],
    ['{"alg":"EdDSA","kid":1}', MalformedDocumentError, "bad-header"],
    [`{"alg":"EdDSA","kid":"${"x".repeat(513)}"}`, MalformedDocumentError, "bad-header"],
    [`{"alg":"EdDSA","kid":"${"😀".repeat(512)}"}`, null, "accepted"],
    ['{"alg":"EdDSA","jwk":{"kty":"oct"}}', MalformedDocumentError, "bad-header-key"],
    ['{"alg":"EdDSA","__proto__":{}}', MalformedDocumentError, "bad-header"],
    [`{"alg":"EdDSA"${" ".repeat(4096)}}`, MalformedDocumentError, "bad-header"],
    ["[]", MalformedDocumentError, "not-an-object"],
    ['{"alg":"EdDSA","typ":"vc+jwt"}', null, "accepted"],
  ])("is refused for its header: %.50s", (header, type, code) => {
    expect(refusal(() => peekJws(`${segment(header)}.e30.AA`))).toEqual([type, code]);
  });

  test.each([
    ["two segments", "eyJhbGciOiJFZERTQSJ9.e30", "not-a-jws"],
    ["four segments", `${RFC_8037_JWS}.`, "not-a-jws"],
    ["no signature", "eyJhbGciOiJFZERTQSJ9.e30.", "bad-base64"],
    ["no payload", "eyJhbGciOiJFZERTQSJ9..AA", "bad-base64"],
    ["a line break", `${RFC_8037_JWS}\n`, "bad-base64"],
    ["padding", "eyJhbGciOiJFZERTQSJ9.e30=.AA", "bad-base64"],
  ])("is refused with %s", (_name, text, code) => {
    expect(refusal(() => peekJws(text))).toEqual([MalformedDocumentError, code]);
  });
});

type Group = {
  public?: unknown;
  private: unknown;
  comment: string;
  tests: { tcId: number; jws: string; result: string }[];
};

// A badge is never empty, so an empty segment is none, however well it is signed.
const EMPTY_PAYLOAD = 259;

testOfVectors(
  "Wycheproof: no JWS that is invalid verifies, and every valid one by a kind of key that we know does",
  async () => {
    const { testGroups } = jsonVector<{ testGroups: Group[] }>("wycheproof", "json_web_signature_test.json");
    const wrong: number[] = [];
    let valid = 0;
    for (const group of testGroups) {
      const key = keyOf(group);
      for (const one of group.tests.filter(({ tcId }) => tcId !== EMPTY_PAYLOAD)) {
        const verified = key !== null && (await verifies(one.jws, key));
        const shall = key !== null && one.result === "valid";
        if (verified) valid += 1;
        if (verified !== shall) wrong.push(one.tcId);
      }
    }

    expect(wrong).toEqual([]);
    expect(valid).toBeGreaterThan(0);
  },
);

function keyOf(group: Group): PublicKey | null {
  try {
    return fromJwk(group.public ?? group.private);
  } catch {
    return null;
  }
}

async function verifies(text: string, key: PublicKey): Promise<boolean> {
  try {
    await verifyJws(peekJws(text), key);
    return true;
  } catch (error) {
    if (error instanceof BadgeError) return false;
    throw error;
  }
}

describe("the claims that Open Badges repeats", () => {
  const CREDENTIAL = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id: "urn:uuid:1",
    issuer: { id: "did:web:uni.example" },
    credentialSubject: { id: "did:key:z6Mk" },
    validFrom: "2024-01-01T09:00:00.9+09:00",
    validUntil: "2025-01-01T00:00:00Z",
  };
  const CLAIMS = {
    iss: "did:web:uni.example",
    sub: "did:key:z6Mk",
    jti: "urn:uuid:1",
    nbf: 1_704_067_200,
    exp: 1_735_689_600,
  };
  const VCDM_1 = { ...CREDENTIAL, "@context": ["https://www.w3.org/2018/credentials/v1"] };

  function payload(members: Readonly<Record<string, unknown>>, more = ""): Claims {
    return parseObject(JSON.stringify(members).replace(/\}$/, `${more}}`));
  }

  test("the credential is the payload without them", () => {
    const { credential, warnings } = checkRegisteredClaims(payload({ ...CREDENTIAL, ...CLAIMS, iat: 0 }));

    expect(JSON.stringify(credential)).toBe(JSON.stringify(CREDENTIAL));
    expect(warnings).toEqual([]);
  });

  test("a credential of the older data model stands under `vc`", () => {
    const { credential } = checkRegisteredClaims(payload({ vc: VCDM_1, ...CLAIMS }));

    expect(JSON.stringify(credential)).toBe(JSON.stringify(VCDM_1));
  });

  test("a missing subject is warned of, as the standard's own examples lack it", () => {
    const { sub: _sub, ...claims } = CLAIMS;

    expect(checkRegisteredClaims(payload({ ...CREDENTIAL, ...claims })).warnings).toEqual(["subject-claim-missing"]);
  });

  test.each([
    [{ iss: "did:web:evil.example" }, "iss"],
    [{ iss: undefined }, "iss"],
    [{ iss: 1 }, "iss"],
    [{ sub: "did:key:other" }, "sub"],
    [{ jti: "urn:uuid:2" }, "jti"],
    [{ nbf: 1_704_067_201 }, "nbf"],
    [{ nbf: "1704067200" }, "nbf"],
    [{ exp: 1_735_689_601 }, "exp"],
    [{ exp: true }, "exp"],
    [{ iat: 253_402_300_800 }, "iat"],
    [{ validFrom: "2024" }, "validFrom"],
    [{ validUntil: 1 }, "validUntil"],
    [{ validUntil: null }, "exp"],
  ])("a claim that says something else than the credential is refused: %j", (change, claim) => {
    expect(refusal(() => checkRegisteredClaims(payload({ ...CREDENTIAL, ...CLAIMS, ...change })))).toEqual([
      ClaimsError,
      claim,
    ]);
  });

  test.each(["1735689600.0", "1.7356896e9"])("a moment that is not spelt as an integer is refused: %s", (exp) => {
    const { exp: _exp, ...claims } = CLAIMS;

    expect(refusal(() => checkRegisteredClaims(payload({ ...CREDENTIAL, ...claims }, `,"exp":${exp}`)))).toEqual([
      ClaimsError,
      "exp",
    ]);
  });

  test.each([
    ["`vc` beside a credential", { vc: CREDENTIAL, ...CREDENTIAL, ...CLAIMS }],
    ["`vc` beside another member", { vc: VCDM_1, ...CLAIMS, name: "x" }],
    ["the newer data model under `vc`", { vc: CREDENTIAL, ...CLAIMS }],
    ["the older data model without `vc`", { ...VCDM_1, ...CLAIMS }],
    ["a `vc` that is nothing", { vc: null, ...CREDENTIAL, ...CLAIMS }],
  ])("two payloads are refused: %s", (_name, members) => {
    expect(refusal(() => checkRegisteredClaims(payload(members)))).toEqual([ClaimsError, "two-payloads"]);
  });

  test("when a badge was issued is told in UTC", () => {
    expect(issuedAt(payload({ iat: -1 }))).toBe("1969-12-31T23:59:59Z");
    expect(refusal(() => issuedAt(payload({})))).toEqual([ClaimsError, "iat"]);
  });
});
