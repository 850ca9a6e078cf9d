import { expect, test } from "vitest";
import { StatusLists } from "../../src/verify/lists";
import { needsServer } from "../../src/verify/verify";
import {
  achievement,
  codes,
  credential,
  Desk,
  didDocument,
  DID_URL,
  entry,
  ISSUER,
  LIST_URL,
  signed,
  SIGNER,
  statusList,
  STRANGER,
  subject,
  type ListChanges,
} from "../making/badges";
import { bytes, didKeySigner, didOf, jws, signerOf, type Made } from "../making/signers";

test("a good badge is verified by the key that its issuer publishes", async () => {
  const report = await new Desk().check(await signed(credential()));

  expect(codes(report)).toEqual({
    form: "passed well-formed",
    proof: "passed signature-verifies",
    binding: "passed key-from-web",
    validity: "passed within-validity",
    status: "passed no-status-offered",
    trust: "unknown no-registry",
    holder: "unknown bearer-not-checked",
    endorsement: "passed no-endorsements",
  });
  expect(report).toMatchObject({
    verdict: "verified",
    standing: { atIssue: "unknown", now: "unknown" },
    registry: { number: null, of: null },
    fetched: [DID_URL],
    checkedAt: "2026-11-23T03:00:00Z",
    checkedBy: "page",
  });
  expect(needsServer(report)).toBe(false);
});

test("a did:key badge is verified without any request", async () => {
  const [signer, desk] = [await didKeySigner(7), new Desk()];

  const report = await desk.check(await signed(credential({}, didOf(signer)), signer));

  expect([report.verdict, codes(report)["binding"]]).toEqual(["verified", "passed key-from-did"]);
  expect(desk.web.fetched).toEqual([]);
});

test("a forged badge makes us ask for its key alone", async () => {
  const desk = new Desk();

  const report = await desk.check(await signed(credential({ credentialStatus: entry() }), STRANGER));

  expect(report.verdict).toBe("not-verified");
  expect(codes(report)).toMatchObject({ proof: "failed bad-signature", status: "unknown not-checked" });
  expect(report.credential).toBeNull();
  expect(desk.web.fetched).toEqual([DID_URL]);
});

test("a badge whose issuer's site is down is inconclusive", async () => {
  const desk = new Desk();
  desk.pages.clear();

  const report = await desk.check(await signed(credential()));

  expect([report.verdict, codes(report)["proof"]]).toEqual(["inconclusive", "unknown key-unreachable"]);
});

test("the key of another is not the issuer's", async () => {
  const report = await new Desk().check(await signed(credential(), await didKeySigner(3)));

  expect(codes(report)).toMatchObject({ proof: "passed signature-verifies", binding: "failed key-of-another" });
});

test.each([
  [`${ISSUER}#k9`, "failed key-not-listed"],
  ["did:example:1#k", "unknown unsupported-did-method"],
  ["https://issuer.example/keys/1", "unknown unsupported-key-location"],
  ["../../etc/passwd", "failed unusable-key-id"],
  ["did:key:zQ3s#zQ3s", "failed unusable-key"],
  ["did:web:127.0.0.1:a/../b#k", "failed unusable-key"],
])("a key id that leads nowhere is said to: %s", async (keyId, finding) => {
  const report = await new Desk().check(await signed(credential(), await signerOf(1, keyId)));

  expect(codes(report)["proof"]).toBe(finding);
});

const HTTPS_ISSUER = "https://issuer.example/about";
const KEY_SET = "https://issuer.example/.well-known/jwks.json";

async function keyInFragment(): Promise<string> {
  const signer = await signerOf(1, `${HTTPS_ISSUER}#${SIGNER.publicKey.toMultikey()}`);
  return signed(credential({}, HTTPS_ISSUER), signer);
}

test.each([
  [null, "unknown self-asserted-key"],
  [{ keys: [{ kty: "RSA" }, STRANGER.publicKey.toJwk(), SIGNER.publicKey.toJwk()] }, "passed key-from-web"],
  [{ keys: [STRANGER.publicKey.toJwk()] }, "failed key-of-another"],
  [{ keys: Array(101).fill({}) }, "unknown self-asserted-key"],
  [{}, "unknown self-asserted-key"],
])("a key that only the badge names is weighed by what the issuer's site says", async (page, finding) => {
  const desk = new Desk();
  if (page) desk.pages.set(KEY_SET, bytes(page));

  const report = await desk.check(await keyInFragment());

  expect(codes(report)["binding"]).toBe(finding);
  expect(desk.web.fetched).toEqual([KEY_SET]);
});

test.each([
  [{ validFrom: "2026-11-23T03:01:00Z" }, "passed within-validity"],
  [{ validFrom: "2026-11-23T03:01:01Z" }, "failed not-yet-valid"],
  [{ validUntil: "2026-11-23T03:00:00Z" }, "passed within-validity"],
  [{ validUntil: "2026-11-23T02:59:59Z" }, "failed expired"],
])("a badge is valid between its dates, both included: %j", async (changes, finding) => {
  const report = await new Desk().check(await signed(credential(changes)));

  expect(codes(report)).toMatchObject({ proof: "passed signature-verifies", validity: finding });
});

async function status(badgeEntry: unknown, page: Uint8Array | null, desk = new Desk()): Promise<string | undefined> {
  if (page) desk.pages.set(LIST_URL, page);
  const report = await desk.check(await signed(credential({ credentialStatus: badgeEntry })));
  expect(codes(report)["proof"]).toBe("passed signature-verifies");
  return codes(report)["status"];
}

test("a badge is revoked when its bit is set, and only then", async () => {
  expect(await status(entry(), await statusList([4, 6]))).toBe("passed not-revoked");
  expect(await status(entry(), await statusList([5]))).toBe("failed revoked");
});

test("a set bit of a suspension list suspends", async () => {
  const [purpose, statusPurpose] = ["suspension", "suspension"];

  expect(await status(entry("5", { statusPurpose }), await statusList([5], { purpose }))).toBe("failed suspended");
});

test("a list that cannot be read never shows a badge good", async () => {
  expect(await status(entry(), null)).toBe("unknown list-unreachable");
  expect(await status(entry(), new TextEncoder().encode("<html>not found"))).toBe("unknown list-unreadable");
  expect(await status(entry(), Uint8Array.of(0xff, 0xfe))).toBe("unknown list-unreadable");
});

test.each([
  [[], { signer: STRANGER }, "unknown list-not-authentic"],
  [[], { signer: await didKeySigner(2) }, "unknown list-not-authentic"],
  [[], { signer: await signerOf(1, "did:example:1#k") }, "unknown list-key-unknown"],
  [[], { issuer: "did:web:other.example" }, "unknown list-of-another-issuer"],
  [[], { validUntil: "2026-11-23T02:59:59Z" }, "unknown list-expired"],
  [[], { validFrom: "2026-11-23T03:01:01Z" }, "unknown list-not-yet-valid"],
  [[], { purpose: "suspension" }, "failed wrong-list-purpose"],
  [[], { url: "https://issuer.example/other" }, "unknown list-misplaced"],
  [[5], { url: "https://issuer.example/other" }, "failed revoked-in-misplaced-list"],
] as [number[], ListChanges, string][])(
  "a list that does not hold never shows a badge good: %#",
  async (revoked, changes, finding) => {
    expect(await status(entry(), await statusList(revoked, changes))).toBe(finding);
  },
);

test.each([
  [entry("131072"), "failed index-out-of-range"],
  [entry(5), "unknown index-not-a-text"],
  [entry(7), "failed revoked"],
  [entry(-1), "failed bad-entry"],
  [entry(true), "failed bad-entry"],
  [entry("05"), "failed bad-entry"],
  [entry("5", { statusPurpose: "message" }), "failed wrong-list-purpose"],
  [entry("5", { type: "1EdTechRevocationList" }), "unknown unknown-status-type"],
  [entry("5", { statusListCredential: "http://127.0.0.1/l" }), "unknown list-url-not-allowed"],
  [[entry(), entry("7")], "failed revoked"],
  [[], "failed bad-entry"],
  [Array(5).fill(entry()), "failed bad-entry"],
  ["x", "unknown unknown-status-type"],
])("an entry that does not hold never shows a badge good: %j", async (badgeEntry, finding) => {
  expect(await status(badgeEntry, await statusList([7]))).toBe(finding);
});

test("an older list than one seen before is refused", async () => {
  const desk = new Desk();
  const old = await statusList([], { validFrom: "2026-11-21T00:00:00Z" });

  expect(await status(entry(), old, desk)).toBe("passed not-revoked");
  expect(await status(entry(), await statusList([5]), desk)).toBe("failed revoked");
  expect(await status(entry(), old, desk)).toBe("unknown list-older-than-seen");
});

test("a proof of a list counts for five minutes", async () => {
  let elapsed = 0;
  const desk = new Desk();
  desk.lists = new StatusLists(undefined, () => elapsed);
  const page = await statusList();
  const byStranger = async () => {
    desk.pages.set(DID_URL, didDocument([STRANGER]));
    desk.pages.set(LIST_URL, page);
    return codes(await desk.check(await signed(credential({ credentialStatus: entry() }), STRANGER)))["status"];
  };
  await status(entry(), page, desk);

  expect(await byStranger()).toBe("passed not-revoked");
  elapsed = 301_000;
  expect(await byStranger()).toBe("unknown list-not-authentic");
});

test("a badge for a key says that its holder was not checked", async () => {
  const id = didOf(await didKeySigner(9));

  const report = await new Desk().check(await signed(credential({ credentialSubject: subject({ id }) })));

  expect([report.verdict, codes(report)["holder"]]).toEqual(["verified", "unknown holder-not-checked"]);
});

test("endorsements are named as not checked", async () => {
  const credentialSubject = subject({ achievement: achievement({ endorsementJwt: ["e30.e30.e30"] }) });

  const report = await new Desk().check(await signed(credential({ credentialSubject })));

  expect(codes(report)["endorsement"]).toBe("unknown endorsements-not-checked");
});

test.each([
  [{ type: ["OpenBadgeCredential", "Other"] }, "schema"],
  [{ type: "OpenBadgeCredential" }, "missing-type"],
  [{ name: { id: "urn:x" } }, "not-words"],
  [{ type: ["VerifiableCredential"] }, "not-a-badge"],
] as [Made, string][])(
  "a badge without the form of the standard still gets its other findings: %j",
  async (changes, code) => {
    const report = await new Desk().check(await signed(credential(changes)));

    expect(codes(report)).toMatchObject({ form: `failed ${code}`, proof: "passed signature-verifies" });
    expect(report.verdict).toBe("not-verified");
  },
);

test("a foreign document cannot call its key the issuer's", async () => {
  const evil = await signerOf(13, "did:web:evil.example#k1");
  const method = {
    id: evil.keyId,
    controller: ISSUER,
    type: "Multikey",
    publicKeyMultibase: evil.publicKey.toMultikey(),
  };
  const document = { id: "did:web:evil.example", verificationMethod: [method], assertionMethod: [evil.keyId] };
  const desk = new Desk();
  desk.pages.set("https://evil.example/.well-known/did.json", bytes(document));

  const report = await desk.check(await signed(credential(), evil));

  expect(codes(report)["proof"]).toBe("failed key-not-listed");
});

test("an algorithm that is none is told apart from a bad signature", async () => {
  const report = await new Desk().check(await jws(credential(), SIGNER, { alg: "none" }));

  expect([report.verdict, codes(report)["proof"]]).toEqual(["inconclusive", "unknown unsupported-algorithm"]);
});

test("a proof format that the server may know needs the server", async () => {
  const proof = { type: "Ed25519Signature2020", proofPurpose: "assertionMethod" };

  const report = await new Desk().check(JSON.stringify({ ...credential(), proof }));

  expect(codes(report)["proof"]).toBe("unknown unsupported-proof");
  expect(needsServer(report)).toBe(true);
});

test("a person is shown what was signed, and a name as a claim", async () => {
  const report = await new Desk().check(await signed(credential()));

  expect(report.credential?.("ja")).toEqual({
    id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    mechanism: "vc-jwt",
    types: ["VerifiableCredential", "OpenBadgeCredential"],
    name: "データ入門",
    issuer: { id: ISSUER, domain: "issuer.example", registered: null, claimedName: "北の学校", claimedUrl: "" },
    achievement: {
      id: "https://issuer.example/providers/kita/achievements/data/1",
      name: "データ入門",
      description: "データの読み方を学ぶ。",
      type: "",
      criteria: { narrative: "修了テストに合格する。", url: "" },
    },
    skills: [],
    levels: [],
    results: [],
    validFrom: "2026-11-01T00:00:00+09:00",
    validUntil: null,
    awardedDate: null,
    holder: { kind: "bearer", key: false, identityHashes: 0 },
  });
});
