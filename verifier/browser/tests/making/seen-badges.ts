// Made-up reports, for the views that only read them.

import { readFileSync, readdirSync } from "node:fs";
import { frameworksIn } from "../../src/frameworks";
import type { Report, ShownCredential, Standing, Verdict } from "../../src/verify/report";
import type { Holder, SeenBadge } from "../../src/view/seen";

const ROOT = new URL("../../../../", import.meta.url);

/** Return a JSON file of the repository. */
export function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf-8")) as Shape;
}

const FILES = readdirSync(new URL("schemas/frameworks/", ROOT)).filter((name) => name.endsWith(".json"));
/** Our skill standards. */
export const FRAMEWORKS = frameworksIn(
  Object.fromEntries(FILES.map((name) => [name, readJson(`schemas/frameworks/${name}`)])),
);

/** What matters of a badge to a test; the rest is as of a good one. */
export interface Written {
  readonly name?: string;
  readonly verdict?: Verdict;
  readonly atIssue?: Standing;
  readonly now?: Standing;
  readonly holder?: Holder;
  readonly skills?: readonly string[];
  readonly claimed?: readonly string[];
  readonly levels?: readonly string[];
  readonly type?: string;
  readonly validFrom?: string | null;
  readonly validUntil?: string | null;
  readonly shown?: boolean;
  readonly findings?: Report["findings"];
}

/** Return a badge with its report. */
export function made(written: Written = {}): SeenBadge {
  const { verdict = "verified", atIssue = "accredited", now = atIssue, holder = "proven" } = written;
  const report: Report = {
    findings: written.findings ?? [],
    verdict,
    standing: { atIssue, now },
    credential: written.shown === false ? null : () => shownOf(written),
    registry: { number: 7, of: "https://registry.example" },
    fetched: [],
    checkedAt: "2026-11-25T00:00:00Z",
    checkedBy: "page",
  };
  return { text: `text of ${written.name ?? "a badge"}`, report, holder };
}

function shownOf(written: Written): ShownCredential {
  const { name = "データ分析の基礎 修了", type = "CertificateOfCompletion" } = written;
  return {
    id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c31",
    mechanism: "vc-jwt",
    types: ["VerifiableCredential", "OpenBadgeCredential"],
    name,
    issuer: {
      id: "did:web:issuer.example:providers:kita",
      domain: "issuer.example",
      registered: {
        name: "北の学校（例）",
        url: "https://kita.example/",
        domain: "kita.example",
        accreditedBy: ["デモ認証機関"],
      },
      claimedName: "北の学校（例）",
      claimedUrl: "https://kita.example/",
    },
    achievement: { id: "https://issuer.example/1", name, description: "", type, criteria: { narrative: "", url: "" } },
    skills: [
      ...(written.skills ?? []).map((code) => skillOf(code, true)),
      ...(written.claimed ?? []).map((code) => skillOf(code, false)),
    ],
    levels: (written.levels ?? []).map((code) => ({ code, name: code, url: "", known: true, by: "achievement" })),
    results: [],
    validFrom: written.validFrom === undefined ? "2026-11-01T00:00:00+09:00" : written.validFrom,
    validUntil: written.validUntil ?? null,
    awardedDate: null,
    holder: { kind: "did", key: true, identityHashes: 0 },
  };
}

function skillOf(code: string, known: boolean): ShownCredential["skills"][number] {
  const at = code.lastIndexOf("/");
  const [framework, item] = [code.slice(0, at), code.slice(at + 1)];
  const name = FRAMEWORKS.item(framework, item)?.name.ja ?? item;
  return { framework, frameworkName: FRAMEWORKS.get(framework)?.name.ja ?? "", item, name, url: "", known };
}
