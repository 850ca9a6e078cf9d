import { expect, test } from "vitest";
import { readSnapshot } from "../../src/accreditation/snapshot";
import { SeenInMemory } from "../../src/verify/seen";
import { trustIn } from "../../src/verify/trust";
import { credential, signed } from "../making/badges";
import { DOCUMENTS } from "../standard-documents";
import { didKeySigner, didOf, jws, signerOf, type Made, type Signer } from "../making/signers";

const REGISTRY = "https://registry.example";
const PROVIDER = "did:web:kita.example";
const ACCREDITOR = await didKeySigner(5);
const REGISTRAR = await signerOf(6, `${REGISTRY}#k1`);
const PROVIDER_KEY = await signerOf(1, `${PROVIDER}#k1`);

const WHOLE = {
  type: ["Alignment"],
  targetName: "DSS-P",
  targetType: "ext:Framework",
  targetCode: "dss-p/2.0",
  targetUrl: `${REGISTRY}/frameworks/dss-p/2.0`,
};

function levelOf(value: string): Made {
  const targetUrl = `${REGISTRY}/frameworks/itss/3/levels/itss/${value}`;
  const targetType = "CFRubricCriterionLevel";
  return { type: ["Alignment"], targetName: "ITSS", targetType, targetCode: `itss/3/itss/${value}`, targetUrl };
}

function accreditation(
  alignment: unknown[] = [WHOLE],
  { signer = ACCREDITOR, provider = PROVIDER, achievementType = "QualityAssuranceCredential" } = {},
): Promise<string> {
  const achievement = {
    id: `${REGISTRY}/registry#accreditation`,
    type: ["Achievement"],
    achievementType,
    name: "認証",
    description: "認証",
    criteria: { narrative: "審査" },
    alignment,
  };
  const credentialSubject = { id: provider, type: ["AchievementSubject"], achievement };
  const issuer = { id: didOf(signer), type: ["Profile"], name: "デモ認証機関" };
  return signed(credential({ issuer, validFrom: "2026-04-01T00:00:00Z", credentialSubject }), signer);
}

async function snapshot(changes: Made = {}, signer: Signer = REGISTRAR, given: string[] = []): Promise<string> {
  const provider = {
    did: PROVIDER,
    slug: "kita",
    name: { ja: "北の学校", en: "North School" },
    url: "https://kita.example",
    domain: "kita.example",
    keys: [{ id: PROVIDER_KEY.keyId, publicKeyJwk: PROVIDER_KEY.publicKey.toJwk(), validFrom: "2026-04-01T00:00:00Z" }],
    accreditations: given,
    suspensions: [{ validFrom: "2026-05-01T00:00:00Z", validUntil: "2026-06-01T00:00:00Z" }],
  };
  const payload = {
    type: "AkashiRegistrySnapshot",
    number: 7,
    issued: "2026-11-01T00:00:00Z",
    registry: REGISTRY,
    accreditors: [didOf(ACCREDITOR)],
    providers: [provider],
    ...changes,
  };
  return jws(payload, signer, { jwk: signer.publicKey.toJwk() });
}

async function scopesIn(...given: string[]): Promise<unknown> {
  const read = await readSnapshot(await snapshot({}, REGISTRAR, given), REGISTRAR.publicKey, DOCUMENTS);
  return read.providers.get(PROVIDER)?.accreditations.flatMap(({ scopes }) => scopes);
}

test("a snapshot is read with the key that was pinned", async () => {
  const text = await snapshot({}, REGISTRAR, [await accreditation()]);

  const read = await readSnapshot(text, REGISTRAR.publicKey, DOCUMENTS);
  const provider = read.providers.get(PROVIDER);

  expect([read.number, read.registry, read.issued]).toEqual([7, REGISTRY, Date.UTC(2026, 10, 1)]);
  expect(provider?.name).toEqual({ ja: "北の学校", en: "North School" });
  expect(provider?.keys.get(PROVIDER_KEY.keyId)?.key.equals(PROVIDER_KEY.publicKey)).toBe(true);
  expect(provider?.suspensions).toEqual([{ start: Date.UTC(2026, 4, 1), end: Date.UTC(2026, 5, 1) }]);
  expect(provider?.accreditations).toMatchObject([
    {
      accreditor: didOf(ACCREDITOR),
      accreditorName: "デモ認証機関",
      window: { start: Date.UTC(2026, 3, 1), end: null },
      scopes: [{ framework: "dss-p/2.0", areas: null, items: null, scheme: null, highest: null }],
    },
  ]);
});

test("a snapshot of another key is refused, also when it carries that key", async () => {
  const text = await snapshot({}, await signerOf(9, `${REGISTRY}#k1`));

  await expect(readSnapshot(text, REGISTRAR.publicKey, DOCUMENTS)).rejects.toMatchObject({ code: "bad-signature" });
});

test.each([
  { type: "Else" },
  { number: "7" },
  { number: 1.5 },
  { number: true },
  { issued: "yesterday" },
  { issued: 5 },
  { registry: null },
  { accreditors: [5] },
  { accreditors: undefined },
  { providers: [{}] },
  { providers: [{ did: PROVIDER }] },
])("signed nonsense is no snapshot: %j", async (changes) => {
  const text = await snapshot(changes);

  await expect(readSnapshot(text, REGISTRAR.publicKey, DOCUMENTS)).rejects.toMatchObject({ code: "bad-snapshot" });
});

test("an accreditation that does not hold is left out, and silences nothing else", async () => {
  const good = await accreditation();
  const bad = [
    await accreditation([WHOLE], { signer: await didKeySigner(8) }),
    await accreditation([WHOLE], { provider: "did:web:other.example" }),
    await accreditation([WHOLE], { achievementType: "Certificate" }),
    await accreditation([WHOLE, { ...WHOLE, targetType: "ext:Unknown" }]),
    await accreditation([WHOLE, levelOf("2"), levelOf("4")]),
    await accreditation([levelOf("99")]),
    "nonsense",
  ];

  expect(await scopesIn(...bad, good)).toEqual(await scopesIn(good));
  expect(await scopesIn(...bad)).toEqual([]);
});

test("areas, items and a highest level make a scope", async () => {
  const area = { ...WHOLE, targetType: "ext:Area", targetCode: "itss/3/itss3-01" };

  expect(await scopesIn(await accreditation([area, levelOf("2")]))).toEqual([
    { framework: "itss/3", areas: new Set(["itss3-01"]), items: new Set(), scheme: "itss", highest: "2" },
  ]);
});

test("a register that is older than one seen before is refused", async () => {
  const how = { pinned: REGISTRAR.publicKey, seen: new SeenInMemory(), documents: DOCUMENTS };
  const trust = await trustIn(await snapshot({ number: 8 }), how);

  expect(trust.snapshot?.number).toBe(8);
  await expect(trustIn(await snapshot({ number: 7 }), how)).rejects.toMatchObject({ code: "older-than-seen" });
});
