import { generalVerify, importJWK, type GeneralJWSInput } from "jose";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MalformedDocumentError } from "../src/errors";
import { fromJwk } from "../src/keys/public-key";
import { thumbprint } from "../src/keys/thumbprint";
import { present, readPresentation } from "../src/presentation";
import { badgeFor, didKeyOf } from "./holders";

interface Vector {
  readonly name: string;
  readonly text: string;
  readonly now: string;
  readonly audience: string;
  readonly nonce: string | null;
  readonly badges?: { text: string; holder: string }[];
  readonly refused?: string;
}

const FILE = new URL("../../../tests/badges/presentations.json", import.meta.url);
const VECTORS = JSON.parse(readFileSync(FILE, "utf-8")) as Vector[];
const NOW = new Date("2026-11-26T00:00:00Z");
const PURPOSE = {
  nonce: "xmXLZH3CyLTYfmlCBwTzrg",
  audience: "https://verifier.example",
  now: NOW,
  expires: new Date("2026-12-26T00:00:00Z"),
};

function read({ text, now, audience, nonce }: Vector) {
  return readPresentation(text, { now: new Date(now), audience, nonce });
}

describe("a presentation that Python made", () => {
  test.each(VECTORS.filter((one) => one.badges))("shows who holds each badge: $name", async (vector) => {
    expect((await read(vector)).badges).toEqual(vector.badges);
  });

  test.each(VECTORS.filter((one) => one.refused))("in another form is refused: $name", async (vector) => {
    await expect(read(vector)).rejects.toThrow(MalformedDocumentError);
    await expect(read(vector)).rejects.toMatchObject({ code: vector.refused });
  });
});

async function holder() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const publicKey = fromJwk({ kty, crv, x, y });
  return { pair, publicKey, did: didKeyOf(publicKey), thumbprint: thumbprint(publicKey) };
}

describe("a presentation that the page makes", () => {
  test("is signed by each holder key, as another library finds too", async () => {
    const [hana, hanas] = [await holder(), await holder()];
    const badges = [badgeFor(1, hana.did), badgeFor(2, hanas.did)];
    const keys = new Map([hana, hanas].map((one) => [one.thumbprint, one.pair.privateKey]));

    const text = await present(badges, keys, PURPOSE);

    for (const one of [hana, hanas]) {
      const key = await importJWK(one.publicKey.toJwk(), "ES256");
      const { payload } = await generalVerify(JSON.parse(text) as GeneralJWSInput, key);
      const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
      expect(claims).toMatchObject({ nonce: PURPOSE.nonce, aud: PURPOSE.audience, iat: 1795651200, exp: 1798243200 });
    }
    const found = await readPresentation(text, PURPOSE);
    expect(found.badges).toEqual(badges.map((badge) => ({ text: badge, holder: "proven" })));
    expect(found.expires).toEqual(PURPOSE.expires);
  });

  test("says not-proven of a badge whose key is not at hand", async () => {
    const [hana, kenji] = [await holder(), await holder()];
    const badges = [badgeFor(1, hana.did), badgeFor(2, kenji.did)];

    const text = await present(badges, new Map([[hana.thumbprint, hana.pair.privateKey]]), PURPOSE);

    const { badges: found } = await readPresentation(text, PURPOSE);
    expect(found.map((one) => one.holder)).toEqual(["proven", "not-proven"]);
  });

  test("keeps a document as it is written", async () => {
    const document = '{ "id":"urn:x", "type":["VerifiableCredential"], "n":9007199254740993, "s":"]},[" }';

    const text = await present([document], new Map(), PURPOSE);

    expect((await readPresentation(text, PURPOSE)).badges[0]?.text).toBe(document);
  });

  test("cannot hold one badge twice, none, or more than fit", async () => {
    const badge = badgeFor(1, "urn:uuid:11111111-2222-4333-8444-555555555555");
    const long = JSON.stringify({ id: "urn:x", type: "x", x: "x".repeat(200_000) });

    await expect(present([badge, badge], new Map(), PURPOSE)).rejects.toMatchObject({ code: "duplicate-badge" });
    await expect(present([], new Map(), PURPOSE)).rejects.toMatchObject({ code: "not-a-presentation" });
    await expect(present([long], new Map(), PURPOSE)).rejects.toMatchObject({ code: "too-large" });
  });
});
