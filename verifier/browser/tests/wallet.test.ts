import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { deflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { fromJwk } from "../src/keys/public-key";
import { thumbprint } from "../src/keys/thumbprint";
import { present, readPresentation } from "../src/presentation";
import * as badges from "../src/wallet/badges";
import { finishClaim, keepReceived, readOffer, startClaim } from "../src/wallet/claim";
import { askToPersist, change, openWallet, read, WalletError, type Wallet } from "../src/wallet/database";
import { exportWallet, importWallet } from "../src/wallet/export";
import { heldKeys, keepKey, newKey, privateJwks, signingKeys } from "../src/wallet/keys";
import { badgeFor, didKeyOf, documentFor } from "./holders";

const NOW = new Date("2026-11-26T00:00:00Z");
const LATER = new Date("2026-11-27T00:00:00Z");
const BEARER = "urn:uuid:11111111-2222-4333-8444-555555555555";
const TOKEN = "T".repeat(43);
const ISSUER = "https://issuer.example";
const START = { verifier: "https://verifier.example", language: "ja", now: NOW };
const SHARE = {
  id: "xmXLZH3CyLTYfmlCBwTzrg",
  link: "https://verifier.example/s/xmXLZH3CyLTYfmlCBwTzrg#x",
  manage: "m".repeat(43),
  expires: "2026-12-26T00:00:00Z",
  badges: ["urn:uuid:1"],
  created: NOW.toISOString(),
  passcode: true,
};

let factory: IDBFactory;
let wallet: Wallet;

beforeEach(async () => {
  factory = new IDBFactory();
  wallet = await openWallet(factory);
});

async function heldBadge(number: number, into = wallet) {
  const key = await newKey(into);
  const badge = badges.badgeOf(badges.textsOf(badgeFor(number, didKeyOf(fromJwk(key.publicJwk)))), NOW);
  await change(into, (stores) => keepKey(stores, key));
  return badges.keepBadge(into, badge);
}

describe("a badge in the wallet", () => {
  test("is there when the browser is opened again, and its key signs", async () => {
    const badge = await heldBadge(1);
    wallet.database.close();

    const again = await openWallet(factory);

    expect(await badges.allBadges(again)).toEqual([badge]);
    const keys = await signingKeys(again, [badge.key ?? ""]);
    const purpose = { nonce: "n", audience: "https://verifier.example", now: NOW, expires: LATER };
    const text = await present([badges.shortestText(badge)], keys, purpose);
    expect((await readPresentation(text, purpose)).badges[0]?.holder).toBe("proven");
  });

  test("has a key that lies encrypted and cannot be read out", async () => {
    const badge = await heldBadge(1);
    const [jwk] = await privateJwks(wallet);

    const stored = await read(wallet, (stores) => stores("keys").all());
    const wrapping = await read(wallet, (stores) => stores("wrapping").get("1"));
    const [key] = [...(await signingKeys(wallet, [badge.key ?? ""])).values()];

    expect(Buffer.from(stored[0]?.wrapped ?? []).includes(Buffer.from(jwk?.d ?? "", "base64url"))).toBe(false);
    expect([wrapping?.extractable, key?.extractable]).toEqual([false, false]);
    expect(key?.usages).toEqual(["sign"]);
  });

  test("has its own key: a record put in the place of another does not open", async () => {
    const [one, other] = [await heldBadge(1), await heldBadge(2)];
    const stored = await read(wallet, (stores) => stores("keys").get(other.key ?? ""));
    if (stored) await change(wallet, (stores) => stores("keys").put({ ...stored, thumbprint: one.key ?? "" }));

    await expect(signingKeys(wallet, [one.key ?? ""])).rejects.toMatchObject({ code: "key-damaged" });
  });

  test("is not joined by a form of the same id that somebody else issued", async () => {
    await badges.keepBadge(wallet, badges.badgeOf({ vcJwt: badgeFor(1, BEARER), dataIntegrity: null }, NOW));
    const forged = documentFor(1, BEARER, "did:web:another.example");

    const kept = badges.keepBadge(wallet, badges.badgeOf({ vcJwt: null, dataIntegrity: forged }, NOW));
    await expect(kept).rejects.toThrow("id-taken");
  });

  test("takes its other form in, and keeps the one that it has", async () => {
    const [jwt, document] = [badgeFor(1, BEARER), documentFor(1, BEARER)];
    await badges.keepBadge(wallet, badges.badgeOf(badges.textsOf(jwt), NOW));

    const merged = await badges.keepBadge(wallet, badges.badgeOf(badges.textsOf(document), LATER));

    expect(merged).toMatchObject({ vcJwt: jwt, dataIntegrity: document, key: null, added: NOW.toISOString() });
    expect(await badges.allBadges(wallet)).toEqual([merged]);
  });

  test("is not displaced by one of the same id for another key", async () => {
    const badge = await heldBadge(1);
    const other = badges.badgeOf(badges.textsOf(badgeFor(1, BEARER)), LATER);

    await expect(badges.keepBadge(wallet, other)).rejects.toMatchObject({ code: "id-taken" });
    expect(await badges.allBadges(wallet)).toEqual([badge]);
  });

  test("must be one badge", () => {
    const mixed = { vcJwt: badgeFor(1, BEARER), dataIntegrity: documentFor(2, BEARER) };

    expect(() => badges.badgeOf(mixed, NOW)).toThrow("not-one-badge");
    expect(() => badges.badgeOf(badges.textsOf("{}"), NOW)).toThrow("not-a-badge");
    expect(() => badges.badgeOf({ vcJwt: null, dataIntegrity: null }, NOW)).toThrow("not-a-badge");
    const forged = documentFor(1, BEARER, "did:web:another.example");
    expect(() => badges.badgeOf({ vcJwt: badgeFor(1, BEARER), dataIntegrity: forged }, NOW)).toThrow("not-one-badge");
  });

  test("goes with its key when it is removed, and leaves the others", async () => {
    const [one, other] = [await heldBadge(1), await heldBadge(2)];

    await badges.removeBadge(wallet, one.id);

    expect(await badges.allBadges(wallet)).toEqual([other]);
    expect(await heldKeys(wallet)).toEqual(new Set([other.key]));
  });
});

describe("two tabs at once", () => {
  test("make one wrapping key, and lose no badge", async () => {
    const other = await openWallet(factory);

    const kept = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => heldBadge(number, number % 2 ? wallet : other)));

    expect(await badges.allBadges(wallet)).toHaveLength(6);
    expect(
      (
        await signingKeys(
          other,
          kept.map((badge) => badge.key ?? ""),
        )
      ).size,
    ).toBe(6);
  });

  test("bring both forms of a badge together", async () => {
    const other = await openWallet(factory);

    await Promise.all([
      badges.keepBadge(wallet, badges.badgeOf(badges.textsOf(badgeFor(1, BEARER)), NOW)),
      badges.keepBadge(other, badges.badgeOf(badges.textsOf(documentFor(1, BEARER)), NOW)),
    ]);

    const [badge] = await badges.allBadges(wallet);
    expect([badge?.vcJwt, badge?.dataIntegrity]).toEqual([badgeFor(1, BEARER), documentFor(1, BEARER)]);
  });
});

describe("a change of the wallet", () => {
  test("that fails half-way writes nothing", async () => {
    const failing = change(wallet, async (stores) => {
      await stores("shares").put(SHARE);
      throw new WalletError("id-taken");
    });

    await expect(failing).rejects.toMatchObject({ code: "id-taken" });
    expect(await badges.allShares(wallet)).toEqual([]);
  });

  test("after the database was closed says so", async () => {
    wallet.database.close();

    await expect(badges.keepShare(wallet, SHARE)).rejects.toMatchObject({ code: "storage-failed" });
  });

  test("is impossible without a database", async () => {
    const none = {
      open: () => {
        throw new DOMException("", "SecurityError");
      },
    } as unknown as globalThis.IDBFactory;

    await expect(openWallet(none)).rejects.toMatchObject({ code: "no-storage" });
  });

  test("keeps and forgets shares", async () => {
    await badges.keepShare(wallet, SHARE);
    expect(await badges.allShares(wallet)).toEqual([SHARE]);

    await badges.removeShare(wallet, SHARE.id);
    expect(await badges.allShares(wallet)).toEqual([]);
  });

  test("asks the browser to keep everything, where it can be asked", async () => {
    expect(await askToPersist({ persist: async () => true } as StorageManager)).toBe(true);
    expect(await askToPersist(undefined)).toBe(false);
  });
});

describe("an export file", () => {
  test("brings everything into another browser, and its keys sign there", { timeout: 30_000 }, async () => {
    const badge = await heldBadge(1);
    await badges.keepShare(wallet, SHARE);
    await startClaim(wallet, { token: TOKEN, issuer: ISSUER }, START);
    const file = await exportWallet(wallet, "正しい馬の電池ホチキス", NOW);
    const other = await openWallet(new IDBFactory());
    const own = await heldBadge(7, other);

    const imported = await importWallet(other, file, "正しい馬の電池ホチキス");

    expect(imported).toEqual({ badges: 1, keys: 2, shares: 1 });
    expect(new Set(await badges.allBadges(other))).toEqual(new Set([badge, own]));
    expect((await signingKeys(other, [badge.key ?? "", own.key ?? ""])).size).toBe(2);
    expect(await importWallet(other, file, "正しい馬の電池ホチキス")).toEqual({ badges: 0, keys: 0, shares: 0 });
    expect(JSON.parse(file)).toMatchObject({ format: "akashi-my-badges", version: 1 });
    const header = JSON.parse(Buffer.from(JSON.parse(file).jwe.split(".")[0], "base64url").toString());
    expect(header).toMatchObject({ alg: "PBES2-HS512+A256KW", p2c: 600_000 });
  });

  test("says when the passphrase is another one, and changes nothing", { timeout: 30_000 }, async () => {
    await heldBadge(1);
    const file = await exportWallet(wallet, "correct horse", NOW);
    const other = await openWallet(new IDBFactory());

    await expect(importWallet(other, file, "correct horsE")).rejects.toMatchObject({ code: "wrong-passphrase" });
    expect(await badges.allBadges(other)).toEqual([]);
    await expect(exportWallet(wallet, "short", NOW)).rejects.toMatchObject({ code: "passphrase-too-short" });
  });

  test.each([
    ["{}", "not-an-export-file"],
    ["x", "not-an-export-file"],
    ['{"format":"akashi-my-badges","version":2,"jwe":"x"}', "newer-export-file"],
    ['{"format":"akashi-my-badges","version":1,"jwe":"x"}', "damaged-export-file"],
  ])("must be one: %s", async (file, code) => {
    await expect(importWallet(wallet, file, "correct horse")).rejects.toMatchObject({ code });
  });
});

describe("a key file of an issuer's page", () => {
  async function keyFile() {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
    return { kty, crv, x, y, d };
  }

  test("belongs to the badge whose subject it is", async () => {
    const jwk = await keyFile();
    const { d: _, ...publicJwk } = jwk;
    const badge = badges.badgeOf(badges.textsOf(badgeFor(1, didKeyOf(fromJwk(publicJwk)))), NOW);

    await expect(badges.importKeyFile(wallet, JSON.stringify(jwk))).rejects.toMatchObject({ code: "key-of-no-badge" });
    await badges.keepBadge(wallet, badge);
    expect(await badges.importKeyFile(wallet, `${JSON.stringify(jwk, null, 2)}\n`)).toEqual([badge]);
    expect(await heldKeys(wallet)).toEqual(new Set([badge.key]));
  });

  test("must be one, with both halves of one key", async () => {
    const [one, other] = [await keyFile(), await keyFile()];

    for (const text of ["{}", "x", JSON.stringify({ ...one, d: other.d }), JSON.stringify({ ...one, d: undefined })]) {
      await expect(badges.importKeyFile(wallet, text)).rejects.toMatchObject({ code: "not-a-key-file" });
    }
  });
});

describe("a claim", () => {
  const received = (content: object) => `received.${deflateRawSync(JSON.stringify(content)).toString("base64url")}`;

  function handed(url: string) {
    const [token, encoded = ""] = new URL(url).hash.slice(1).split(".");
    return {
      token,
      ...(JSON.parse(Buffer.from(encoded, "base64url").toString()) as { key: object; return: string; state: string }),
    };
  }

  async function begun(token = TOKEN) {
    const { state, key } = handed(await startClaim(wallet, { token, issuer: ISSUER }, START));
    return { state, did: didKeyOf(fromJwk(key)) };
  }

  test("goes to the issuer with a public key, in the fragment alone", async () => {
    const encoded = Buffer.from(ISSUER).toString("base64url");
    const offer = readOffer(`claim.${TOKEN}.${encoded}`);

    const url = await startClaim(wallet, offer, START);

    expect(url.split("#")[0]).toBe("https://issuer.example/c?lang=ja");
    const { token, key, return: back, state } = handed(url);
    expect([token, back]).toEqual([TOKEN, "https://verifier.example/badges"]);
    expect(Object.keys(key).sort()).toEqual(["crv", "kty", "x", "y"]);
    expect(await heldKeys(wallet)).toEqual(new Set([thumbprint(fromJwk(key))]));
    expect(await read(wallet, (stores) => stores("claims").get(state))).toMatchObject({
      issuer: ISSUER,
      received: null,
    });
  });

  test("ends with the badge in the wallet", async () => {
    const { state, did } = await begun();
    const fragment = received({ state, vcJwt: badgeFor(1, did), dataIntegrity: documentFor(1, did) });

    const result = await finishClaim(wallet, fragment, LATER);
    const kept = await keepReceived(wallet, result, LATER);

    expect(await badges.allBadges(wallet)).toEqual([kept]);
    expect(await heldKeys(wallet)).toEqual(new Set([kept.key]));
    await expect(finishClaim(wallet, fragment, LATER)).rejects.toMatchObject({ code: "already-received" });
    await expect(keepReceived(wallet, result, LATER)).rejects.toMatchObject({ code: "already-received" });
  });

  test("of the same offer has the same key again, so that a lost badge can be fetched", async () => {
    const first = await begun();
    const second = await begun();
    const other = await begun("U".repeat(43));

    expect(second.did).toBe(first.did);
    expect(second.state).not.toBe(first.state);
    expect(other.did).not.toBe(first.did);
  });

  test("in two tabs at once has one key", async () => {
    const [one, other] = await Promise.all([begun(), begun()]);

    expect(one.did).toBe(other.did);
    expect((await heldKeys(wallet)).size).toBe(1);
  });

  test("takes no badge for another key, of another claim, or of nobody", async () => {
    const [mine, other] = [await begun(), await begun("U".repeat(43))];
    const finish = (content: object) => finishClaim(wallet, received(content), LATER);
    const texts = (did: string) => ({ vcJwt: badgeFor(1, did), dataIntegrity: null });

    await expect(finish({ state: mine.state, ...texts(other.did) })).rejects.toMatchObject({ code: "other-key" });
    await expect(finish({ state: mine.state, ...texts(BEARER) })).rejects.toMatchObject({ code: "other-key" });
    await expect(finish({ state: "x", ...texts(mine.did) })).rejects.toMatchObject({ code: "unknown-claim" });
    const two = { vcJwt: badgeFor(1, mine.did), dataIntegrity: documentFor(1, other.did) };
    await expect(finish({ state: mine.state, ...two })).rejects.toMatchObject({ code: "not-one-badge" });
    expect(await badges.allBadges(wallet)).toEqual([]);
  });

  test.each([
    "received.x",
    "received",
    "claim.x",
    `received.${deflateRawSync("[]").toString("base64url")}`,
    `received.${deflateRawSync('{"state":"x","vcJwt":1,"dataIntegrity":null}').toString("base64url")}`,
    `received.${deflateRawSync('{"state":"x","vcJwt":null,"dataIntegrity":null,"more":1}').toString("base64url")}`,
    `received.${deflateRawSync(Buffer.alloc(2_000_000, 32)).toString("base64url")}`,
  ])("does not end with something else (%#)", async (fragment) => {
    await expect(finishClaim(wallet, fragment, LATER)).rejects.toMatchObject({ code: "not-a-hand-over" });
  });

  test.each([
    [`claim.${TOKEN}.${Buffer.from("http://issuer.example").toString("base64url")}`, "issuer-not-secure"],
    [`claim.${TOKEN}.${Buffer.from("https://issuer.example/").toString("base64url")}`, "not-an-offer"],
    [`claim.${TOKEN}.${Buffer.from("https://a@issuer.example").toString("base64url")}`, "not-an-offer"],
    [`claim.${TOKEN}.${Buffer.from("javascript:alert(1)").toString("base64url")}`, "not-an-offer"],
    [`claim.${TOKEN.slice(1)}.${Buffer.from(ISSUER).toString("base64url")}`, "not-an-offer"],
    [`claim.${TOKEN}`, "not-an-offer"],
    [`claim.${TOKEN}.!`, "not-an-offer"],
  ])("begins with no other offer than an issuer's: %s", (fragment, code) => {
    expect(() => readOffer(fragment)).toThrow(code);
  });

  test("may begin at an issuer on this computer", () => {
    const encoded = Buffer.from("http://127.0.0.1:8001").toString("base64url");

    expect(readOffer(`claim.${TOKEN}.${encoded}`).issuer).toBe("http://127.0.0.1:8001");
  });
});
