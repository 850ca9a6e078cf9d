import { expect, test } from "vitest";
import type { Accreditation, Scope, Snapshot, Window } from "../../src/accreditation/register";
import { standing } from "../../src/accreditation/standing";
import { frameworksIn } from "../../src/frameworks";
import type { Claims, Json } from "../../src/json";
import { signerOf } from "../making/signers";
import { DOCUMENTS } from "../standard-documents";

const START = Date.UTC(2026, 3, 1);
const END = Date.UTC(2027, 3, 1);
const INSIDE = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;
const PROVIDER = "did:web:kita.example";
const KEY_ID = `${PROVIDER}#k1`;
const REGISTRY = "https://registry.example";
const FRAMEWORKS = frameworksIn(DOCUMENTS.frameworks);
const { publicKey } = await signerOf(1, KEY_ID);

function scope(framework: string, more: Partial<Scope> = {}): Scope {
  return { framework, areas: null, items: null, scheme: null, highest: null, ...more };
}

function given(...scopes: Scope[]): Accreditation {
  const window = { start: START, end: END };
  return {
    provider: PROVIDER,
    accreditor: "did:key:z",
    accreditorName: "デモ認証機関",
    scopes,
    window,
    credential: "",
  };
}

function snapshotOf(
  accreditations: Accreditation[],
  { suspensions = [], revoked = null }: { suspensions?: Window[]; revoked?: number | null } = {},
): Snapshot {
  const key = { id: KEY_ID, key: publicKey, window: { start: START, end: END }, revoked };
  const provider = {
    did: PROVIDER,
    slug: "kita",
    name: { ja: "北の学校", en: "North School" },
    url: "https://kita.example",
    domain: "kita.example",
    keys: new Map([[KEY_ID, key]]),
    accreditations,
    suspensions,
  };
  return {
    number: 3,
    issued: START,
    registry: REGISTRY,
    providers: new Map([[PROVIDER, provider]]),
    accreditors: new Set(["did:key:z"]),
  };
}

function item(code: string, framework = "dss-p/2.0"): Claims {
  return { targetType: "CFItem", targetCode: code, targetUrl: `${REGISTRY}/frameworks/${framework}/items/${code}` };
}

function level(code: string): Claims {
  const [, framework, scheme, value] = /^(.*)\/(.*)\/(.*)$/.exec(code) ?? [];
  const targetUrl = `${REGISTRY}/frameworks/${framework}/levels/${scheme}/${value}`;
  return { targetType: "CFRubricCriterionLevel", targetCode: code, targetUrl };
}

interface Judged {
  readonly at?: number;
  readonly keyId?: string | null;
  readonly resultDescription?: Json;
  readonly results?: readonly Claims[];
}

function judge(snapshot: Snapshot, alignment: readonly Claims[], more: Judged = {}): string {
  const { at = INSIDE, keyId = KEY_ID, results = [], resultDescription = [] } = more;
  const achievement = { alignment: alignment as Json, resultDescription };
  return standing(snapshot, { issuer: PROVIDER, achievement, results, keyId, at }, FRAMEWORKS).reason;
}

const DATA = snapshotOf([given(scope("dss-p/2.0"))]);
const LEVELLED = snapshotOf([given(scope("itss/3", { scheme: "itss", highest: "3" }))]);

test("an accredited provider is accredited for what its scope covers", () => {
  const area = snapshotOf([given(scope("dss-p/2.0", { areas: new Set(["dssp2-2.2"]), items: new Set() }))]);
  const one = snapshotOf([given(scope("dss-p/2.0", { areas: new Set(), items: new Set(["dssp2-2.2-01"]) }))]);

  for (const snapshot of [DATA, area, one]) expect(judge(snapshot, [item("dssp2-2.2-01")])).toBe("accredited");
});

test.each([
  [[item("dssp1-2.2-01", "dss-p/1.2")]],
  [[item("dssp2-2.2-01"), item("itss3-01", "itss/3")]],
  [[item("dssp2-9.9-99")]],
  [[item("dssp2-2.2-01", "dss-p/9")]],
  [[{ targetType: "CFItem", targetUrl: "https://elsewhere.example/skills/1" }]],
  [[]],
])("what the scope does not name is out of scope: %j", (alignments: Claims[]) => {
  expect(judge(DATA, alignments)).toBe("out-of-scope");
});

test("an area covers nothing beside it", () => {
  const area = snapshotOf([given(scope("dss-p/2.0", { areas: new Set(["dssp2-2.1"]), items: new Set() }))]);

  expect(judge(area, [item("dssp2-2.2-01")])).toBe("out-of-scope");
});

test.each([
  ["itss/3/itss/3", "accredited"],
  ["itss/3/itss/1", "accredited"],
  ["itss/3/itss/4", "level-too-high"],
  ["itss/3/demo-itss/1", "level-too-high"],
  ["itss/3/itss/99", "out-of-scope"],
])("a level is covered up to the highest of its own scheme: %s is %s", (code, reason) => {
  expect(judge(LEVELLED, [item("itss3-01", "itss/3"), level(code)])).toBe(reason);
});

test("a level of a framework without one in scope is too high", () => {
  expect(judge(DATA, [item("dssp2-2.2-01"), level("itss/3/itss/1")])).toBe("level-too-high");
});

test("the level that was reached counts, and the ones that were not do not", () => {
  const rubricCriterionLevel = [
    { id: "urn:low", alignment: [level("itss/3/itss/2")] },
    { id: "urn:high", alignment: [level("itss/3/itss/5")] },
  ] as Json;
  const resultDescription = [{ rubricCriterionLevel }];
  const reached = (achievedLevel: string) =>
    judge(LEVELLED, [item("itss3-01", "itss/3")], { resultDescription, results: [{ achievedLevel }] });

  expect(reached("urn:low")).toBe("accredited");
  expect(reached("urn:high")).toBe("level-too-high");
  const results = [{ alignment: level("itss/3/itss/6") as Json }];
  expect(judge(LEVELLED, [item("itss3-01", "itss/3")], { results })).toBe("level-too-high");
});

test.each(["urn:nowhere", [], { id: "urn:low" }, null, 3, ["urn:low"]] as Json[])(
  "a result that points nowhere hides no level: %j",
  (achievedLevel) => {
    const rubricCriterionLevel = [{ id: "urn:low", alignment: [level("itss/3/itss/2")] }, { id: [] }, {}] as Json;
    const more = { resultDescription: [{ rubricCriterionLevel }], results: [{ achievedLevel }] };

    expect(judge(LEVELLED, [item("itss3-01", "itss/3")], more)).toBe("out-of-scope");
  },
);

test.each([
  [START, "accredited"],
  [START - 1000, "not-accredited"],
  [END - 1000, "accredited"],
  [END, "not-accredited"],
])("an accreditation holds from its first moment and not at its end: %i is %s", (at, reason) => {
  expect(judge(DATA, [item("dssp2-2.2-01")], { at, keyId: null })).toBe(reason);
});

test("a level of one item is not lent to another", () => {
  const upTo = (code: string, highest: string) =>
    given(scope("itss/3", { areas: new Set(), items: new Set([code]), scheme: "itss", highest }));
  const both = snapshotOf([upTo("itss3-01", "2"), upTo("itss3-02", "4")]);
  const [first, second] = [item("itss3-01", "itss/3"), item("itss3-02", "itss/3")];

  expect(judge(both, [first, level("itss/3/itss/2")])).toBe("accredited");
  expect(judge(both, [second, level("itss/3/itss/4")])).toBe("accredited");
  expect(judge(both, [first, level("itss/3/itss/3")])).toBe("level-too-high");
  expect(judge(both, [first, second, level("itss/3/itss/3")])).toBe("level-too-high");
});

test("a suspension ends the standing for its time only", () => {
  const suspensions = [{ start: INSIDE, end: INSIDE + DAY }];
  const suspended = snapshotOf([given(scope("dss-p/2.0"))], { suspensions });

  expect(judge(suspended, [item("dssp2-2.2-01")])).toBe("suspended");
  expect(judge(suspended, [item("dssp2-2.2-01")], { at: INSIDE + DAY })).toBe("accredited");
});

test("the key must be registered, within its window, and not compromised", () => {
  const compromised = snapshotOf([given(scope("dss-p/2.0"))], { revoked: END });

  expect(judge(DATA, [item("dssp2-2.2-01")], { keyId: `${PROVIDER}#k9` })).toBe("key-not-registered");
  expect(judge(DATA, [item("dssp2-2.2-01")], { at: END })).toBe("key-not-valid");
  expect(judge(compromised, [item("dssp2-2.2-01")])).toBe("key-not-valid");
});

test("a stranger is unknown", () => {
  const question = { issuer: "did:web:stranger.example", achievement: {}, results: [], keyId: null, at: INSIDE };

  expect(standing(DATA, question, FRAMEWORKS)).toEqual({ standing: "unknown", reason: "not-in-register" });
});
