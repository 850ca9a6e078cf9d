import { createHash, hkdfSync, pbkdf2Sync, randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { decodeProtectedHeader } from "jose";
import { describe, expect, test } from "vitest";
import { makeShare, openShare, revokeShare, shareState, type Send } from "../src/share/client";
import { decrypt, digest, encrypt, newManagingToken, newRoot } from "../src/share/crypto";
import { readShareLink, shareKeys, shareLink } from "../src/share/crypto";
import { historyLink, readHistoryFragment } from "../src/share/link";

const ROOT = Uint8Array.from({ length: 32 }, (_, index) => index);
const VERIFIER = "https://verifier.example";
const ID = "xmXLZH3CyLTYfmlCBwTzrg";

describe("a history link", () => {
  test("holds raw DEFLATE, which any program inflates", async () => {
    const link = await historyLink('{"名前":"花"}', VERIFIER);

    const [address, fragment = ""] = link.split("#");
    expect(address).toBe("https://verifier.example/h");
    expect(inflateRawSync(Buffer.from(fragment, "base64url")).toString()).toBe('{"名前":"花"}');
  });

  test("brings every text back as it was", async () => {
    const law = fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
      const [, fragment = ""] = (await historyLink(text, VERIFIER)).split("#");
      expect(await readHistoryFragment(fragment)).toBe(text);
    });
    await fc.assert(law, { numRuns: 50 });
  });

  test.each([
    ["too-large", deflateRawSync(Buffer.alloc(262_145)).toString("base64url")],
    ["bad-compression", deflateRawSync(Buffer.from("{}")).subarray(0, -1).toString("base64url")],
    ["not-utf-8", deflateRawSync(Buffer.from([0xff])).toString("base64url")],
    ["bad-base64", "e30="],
    ["bad-base64", "!"],
    ["too-large", "A".repeat(400_000)],
  ])("that is damaged or too long is refused as %s", async (code, fragment) => {
    await expect(readHistoryFragment(fragment)).rejects.toMatchObject({ code });
  });
});

describe("the keys of a share", () => {
  test("are HKDF-SHA-256 of the root, as Node computes it", async () => {
    const keys = await shareKeys(ROOT, null);

    const derived = (info: string) => Buffer.from(hkdfSync("sha256", ROOT, "", `akashi share 1 ${info}`, 32));
    expect(keys.access).toBe(derived("access").toString("base64url"));
    expect(keys.open).toBe(derived("open").toString("base64url"));
    expect(Buffer.from(keys.content)).toEqual(derived("content"));
  });

  test("mix a passcode in by PBKDF2 with 600,000 rounds, but not into the access token", async () => {
    const keys = await shareKeys(ROOT, "482913");

    const salt = Buffer.from(hkdfSync("sha256", ROOT, "", "akashi share 1 passcode salt", 32));
    const secret = Buffer.concat([ROOT, pbkdf2Sync("482913", salt, 600_000, 32, "sha256")]);
    const content = Buffer.from(hkdfSync("sha256", secret, "", "akashi share 1 content", 32));
    expect(Buffer.from(keys.content)).toEqual(content);
    expect(keys.access).toBe((await shareKeys(ROOT, null)).access);
    expect(keys.open).not.toBe((await shareKeys(ROOT, null)).open);
  });

  test("are the same for a passcode typed wide, and other ones for another", async () => {
    const keys = await shareKeys(ROOT, "482913");

    expect(await shareKeys(ROOT, " ４８２９１３ ")).toEqual(keys);
    expect((await shareKeys(ROOT, "482914")).open).not.toBe(keys.open);
    await expect(shareKeys(ROOT, " 123 ")).rejects.toMatchObject({ code: "passcode-too-short" });
  });

  test("are known to the server by the SHA-256 of their bytes", async () => {
    const { access } = await shareKeys(ROOT, null);

    expect(await digest(access)).toBe(
      createHash("sha256").update(Buffer.from(access, "base64url")).digest("base64url"),
    );
  });
});

describe("the ciphertext of a share", () => {
  const incompressible = (size: number) => randomBytes(size).toString("hex");

  test("has one of the nine lengths that the server takes", async () => {
    const short = await encrypt("{}", ROOT);
    const longer = await encrypt(incompressible(1500), ROOT);
    const longest = await encrypt(incompressible(60_000) + incompressible(60_000), ROOT);

    expect(decodeProtectedHeader(short)).toEqual({ alg: "dir", enc: "A256GCM" });
    expect(longer.length).toBe(short.length);
    expect(short.length).toBeGreaterThan(5461);
    expect(longest.length).toBeLessThanOrEqual(262_144);
  });

  test("never goes beyond what the server takes", async () => {
    const most = randomBytes(194_000).toString("base64");

    expect((await encrypt(most, ROOT)).length).toBeLessThanOrEqual(262_144);
    await expect(encrypt("x".repeat(262_145), ROOT)).rejects.toMatchObject({ code: "too-large" });
  });

  test("opens with its key alone, and only unchanged", async () => {
    const jwe = await encrypt('{"名前":"花"}', ROOT);
    const at = jwe.length - 100;
    const changed = `${jwe.slice(0, at)}${jwe[at] === "A" ? "B" : "A"}${jwe.slice(at + 1)}`;

    expect(await decrypt(jwe, ROOT)).toBe('{"名前":"花"}');
    await expect(decrypt(jwe, newRoot())).rejects.toMatchObject({ code: "damaged-share" });
    await expect(decrypt(changed, ROOT)).rejects.toMatchObject({ code: "damaged-share" });
    await expect(decrypt("e30.e30.e30", ROOT)).rejects.toMatchObject({ code: "damaged-share" });
  });
});

describe("a link to a share", () => {
  test("says whether a passcode is needed, and has all else of the root in its fragment", () => {
    const link = { id: ID, root: ROOT, passcode: true };

    const url = new URL(shareLink(VERIFIER, link));

    expect(url.href).toBe(`${VERIFIER}/s/${ID}#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.p`);
    expect(readShareLink(url.pathname, url.hash.slice(1))).toEqual(link);
    expect(url.href.length).toBeLessThan(110);
  });

  test.each([
    ["/s/short", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"],
    [`/s/${ID}`, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9"],
    [`/s/${ID}`, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.q"],
    [`/s/${ID}`, ""],
  ])("in another form is refused: %s#%s", (path, fragment) => {
    expect(() => readShareLink(path, fragment)).toThrow("not-a-share-link");
  });
});

/** A server that keeps shares in memory by the rules of the real one, and remembers all that it was told. */
function server() {
  const rows = new Map<
    string,
    { jwe: string; access: string; open: string; manage: string; left: number; views: number }
  >();
  const told: string[] = [];
  const gone = () => new Response('{"code":"no-share"}', { status: 404 });
  const hash = (token: unknown) =>
    createHash("sha256")
      .update(Buffer.from(String(token), "base64url"))
      .digest("base64url");
  const send: Send = async (path, init) => {
    told.push(path, JSON.stringify(init));
    const body = init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {};
    const idOf = (manage: unknown) =>
      createHash("sha256")
        .update(Buffer.from(String(manage), "base64url"))
        .digest();
    const [, , , id = idOf(body["manage"]).subarray(0, 16).toString("base64url"), opening] = path.split("/");
    const row = rows.get(id);
    if (init.method === "POST" && !opening) {
      const { jwe, access, open, manage } = body as Record<"jwe" | "access" | "open" | "manage", string>;
      rows.set(id, { jwe, access, open, manage, left: 10, views: 0 });
      return Response.json({ expires: "2026-12-26T00:00:00Z" }, { status: 201 });
    }
    if (opening) {
      if (!row || row.access !== hash(body["access"]) || row.left === 0) return gone();
      row.left -= 1;
      if (row.open !== hash(body["open"])) return gone();
      row.left += 1;
      row.views += 1;
      return Response.json({ jwe: row.jwe, expires: "2026-12-26T00:00:00Z" });
    }
    const token = (init.headers as Record<string, string>)["Authorization"]?.replace("Bearer ", "");
    if (!row || row.manage !== hash(token)) return gone();
    if (init.method === "DELETE") return rows.delete(id) ? new Response(null, { status: 204 }) : gone();
    return Response.json({ expires: "2026-12-26T00:00:00Z", views: row.views, attemptsLeft: row.left });
  };
  return { send, told };
}

describe("a share", () => {
  const made = (passcode: string | null) => ({
    manage: newManagingToken(),
    presentation: '{"p":1}',
    days: 30,
    passcode,
    verifier: VERIFIER,
  });

  test("opens with link and passcode, counts views, and dies when revoked", async () => {
    const { send, told } = server();
    const share = await makeShare(made("482913"), send);
    const url = new URL(share.link);
    const link = readShareLink(url.pathname, url.hash.slice(1));

    await expect(openShare(link, "000000", send)).rejects.toMatchObject({ code: "no-share" });
    expect((await openShare(link, "482913", send)).presentation).toBe('{"p":1}');
    expect(await shareState(share, send)).toEqual({ expires: "2026-12-26T00:00:00Z", views: 1, attemptsLeft: 9 });
    await revokeShare(share, send);
    await revokeShare(share, send);
    await expect(openShare(link, "482913", send)).rejects.toMatchObject({ code: "no-share" });

    const root = url.hash.slice(1).replace(".p", "");
    expect(told.join()).not.toContain(root);
    expect(told.join()).not.toContain("482913");
  });

  test("without a passcode needs the link alone", async () => {
    const { send } = server();
    const share = await makeShare(made(null), send);
    const url = new URL(share.link);

    expect(share.passcode).toBe(false);
    expect((await openShare(readShareLink(url.pathname, url.hash.slice(1)), null, send)).expires).toBe(
      "2026-12-26T00:00:00Z",
    );
  });

  test.each([0, 91, 1.5])("cannot last %s days", async (days) => {
    await expect(makeShare({ ...made(null), days }, server().send)).rejects.toMatchObject({ code: "bad-expiry" });
  });

  test.each([
    [new Response("", { status: 429 }), "too-many-requests"],
    [new Response("", { status: 500 }), "server-refused"],
    [new Response("{}", { status: 201 }), "server-refused"],
  ])("says what the server made of it (%#)", async (answer, code) => {
    await expect(makeShare(made(null), async () => answer)).rejects.toMatchObject({ code });
  });

  test("says when there is no server", async () => {
    const dead = () => Promise.reject(new TypeError("Failed to fetch"));

    await expect(makeShare(made(null), dead)).rejects.toMatchObject({ code: "server-unreachable" });
  });
});
