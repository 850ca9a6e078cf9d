// The verification record: what was checked, by what, and what was found, so that it can be filed and repeated
// (`akashi verify --record`); the format is told in docs/record.md.

import { stamp } from "../keys/date-time-stamp";
import type { Finding, Report, Standing, Verdict } from "../verify/report";
import { requirementJson, type Requirement } from "./requirement-json";
import type { Reason, RequirementResult } from "./requirements";
import type { Holder, SeenBadge } from "./seen";

export const RECORD_TYPE = "AkashiVerificationRecord";
export const RECORD_VERSION = 1;

/** What one check of several badges was about. */
export interface Occasion {
  readonly badges: readonly SeenBadge[];
  readonly checkedAt: Date;
  /** The address of this verifier: for whom a presentation was made. */
  readonly verifier: string;
  /** The presentation that the badges came in, as it came, and the id of its share; null without one. */
  readonly presentation: string | null;
  readonly share: string | null;
  readonly requirement: { readonly asked: Requirement; readonly result: RequirementResult } | null;
}

/** One badge in a record: its text, and all that was found. */
export interface RecordedBadge {
  readonly text: string;
  readonly verdict: Verdict;
  readonly standing: { readonly atIssue: Standing; readonly now: Standing };
  readonly holder: Holder;
  readonly findings: readonly Finding[];
}

/** A status list that was read, by its own date; what a status list says of others is not kept. */
export interface SeenList {
  readonly url: string;
  readonly validFrom: string;
}

export interface VerificationRecord {
  readonly type: typeof RECORD_TYPE;
  readonly version: typeof RECORD_VERSION;
  readonly checkedAt: string;
  readonly checkedBy: Report["checkedBy"];
  readonly verifier: string;
  readonly registry: Report["registry"];
  readonly statusLists: readonly SeenList[];
  readonly presentation: string | null;
  readonly share: string | null;
  readonly badges: readonly RecordedBadge[];
  readonly requirement: { readonly rule: Readonly<Record<string, unknown>>; readonly result: RecordedResult } | null;
}

export interface RecordedResult {
  readonly met: boolean;
  readonly alternatives: readonly {
    readonly met: boolean;
    readonly lines: readonly {
      readonly met: boolean;
      readonly badges: readonly number[];
      readonly nearest: { readonly badge: number; readonly reasons: readonly Reason[] } | null;
    }[];
  }[];
}

/** Return the record of an occasion. */
export function recordOf({
  badges,
  checkedAt,
  verifier,
  presentation,
  share,
  requirement,
}: Occasion): VerificationRecord {
  const reports = badges.map(({ report }) => report);
  return {
    type: RECORD_TYPE,
    version: RECORD_VERSION,
    checkedAt: stamp(checkedAt.getTime()),
    checkedBy: reports.every((report) => report.checkedBy === "page") ? "page" : "server",
    verifier,
    registry: reports.find(({ registry }) => registry.number !== null)?.registry ?? { number: null, of: null },
    statusLists: listsOf(reports),
    presentation,
    share,
    badges: badges.map(recorded),
    requirement: requirement && { rule: requirementJson(requirement.asked), result: resultOf(requirement.result) },
  };
}

/** Return the status lists that the reports rest on, each once. */
export function listsOf(reports: readonly Report[]): SeenList[] {
  const lists = reports.flatMap((report) => report.statusLists ?? []);
  return lists.filter(({ url }, index) => lists.findIndex((one) => one.url === url) === index);
}

function recorded({ text, report, holder }: SeenBadge): RecordedBadge {
  const { verdict, standing } = report;
  const findings = report.findings.map(({ check, outcome, code, at, params }) => ({
    check,
    outcome,
    code,
    at,
    params,
  }));
  return { text, verdict, standing: { atIssue: standing.atIssue, now: standing.now }, holder, findings };
}

function resultOf({ met, alternatives }: RequirementResult): RecordedResult {
  return {
    met,
    alternatives: alternatives.map((one) => ({
      met: one.met,
      lines: one.lines.map(({ met: isMet, badges, nearest }) => ({ met: isMet, badges, nearest })),
    })),
  };
}

/** Return a record as the bytes of its file. */
export function recordFile(record: VerificationRecord): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
}

/** Return a record's file name without its ending, which tells the time and no name. */
export function recordName({ checkedAt }: VerificationRecord): string {
  return `verification-${checkedAt.replaceAll(/[-:]/g, "").toLowerCase()}`;
}
