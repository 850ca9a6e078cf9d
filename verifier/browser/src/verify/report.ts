// What a verification says: the counterpart of verifier/report.py. A report made here has the members of a server's.

import type { Params } from "../errors";

export const CHECKS = ["form", "proof", "binding", "validity", "status", "trust", "holder", "endorsement"] as const;
export type Check = (typeof CHECKS)[number];
/** Without an answer to each of these, nothing is verified. */
export const DECISIVE: readonly Check[] = ["form", "proof", "binding", "validity", "status"];
export type Outcome = "passed" | "failed" | "warning" | "unknown";
export type Verdict = "verified" | "not-verified" | "inconclusive";
export type Standing = "accredited" | "registered" | "unknown";

/** The outcome of one check, and why; its texts are `finding.<check>.<code>` and so on, as in verifier/report.py. */
export interface Finding {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly code: string;
  readonly params: Params;
  readonly at: string;
}

/** What a person is shown of a credential whose proof verified: the shape of `ShownCredential` in verifier/shown.py. */
export interface ShownCredential {
  readonly id: string;
  readonly mechanism: string;
  readonly types: readonly string[];
  readonly name: string;
  readonly issuer: {
    readonly id: string;
    readonly domain: string | null;
    readonly registered: {
      readonly name: string;
      readonly url: string;
      readonly domain: string;
      readonly accreditedBy: readonly string[];
    } | null;
    readonly claimedName: string;
    readonly claimedUrl: string;
  };
  readonly achievement: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly type: string;
    readonly criteria: { readonly narrative: string; readonly url: string };
  };
  readonly skills: readonly ShownSkill[];
  readonly levels: readonly ShownLevel[];
  readonly results: readonly { readonly name: string; readonly value: string; readonly status: string }[];
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly awardedDate: string | null;
  readonly holder: { readonly kind: "did" | "bearer" | "none"; readonly key: boolean; readonly identityHashes: number };
}

/** An item of a skill standard; `known` when its text comes from our copy of the standard, else from the badge. */
export interface ShownSkill {
  readonly framework: string;
  readonly frameworkName: string;
  readonly item: string;
  readonly name: string;
  readonly url: string;
  readonly known: boolean;
}

/** A level; `code` is `<framework>/<version>/<scheme>/<value>`, `by` tells the achievement's from the result's. */
export interface ShownLevel {
  readonly code: string;
  readonly name: string;
  readonly url: string;
  readonly known: boolean;
  readonly by: "achievement" | "result";
}

export type Language = "ja" | "en";

/** Everything that one verification found out. `credential` gives what a person is shown, or null without a proof. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
  readonly standing: { readonly atIssue: Standing; readonly now: Standing };
  readonly credential: ((language: Language) => ShownCredential) | null;
  readonly registry: { readonly number: number | null; readonly of: string | null };
  readonly fetched: readonly string[];
  /** The status lists that tell whether the credential is revoked, each with its `validFrom`. */
  readonly statusLists?: readonly { readonly url: string; readonly validFrom: string }[];
  readonly checkedAt: string;
  readonly checkedBy: "page" | "server";
}

/** Return the finding of a check that went well. */
export function passed(check: Check, code: string): Finding {
  return { check, outcome: "passed", code, params: {}, at: "" };
}

/** Where in the credential a finding lies, as a JSON Pointer, and what fills its texts. */
export interface Detail {
  readonly at?: string;
  readonly params?: Params;
}

/** Return the finding of a check that the credential does not stand. */
export function failed(check: Check, code: string, { at = "", params = {} }: Detail = {}): Finding {
  return { check, outcome: "failed", code, params, at };
}

/** Return the finding of a check that went well, with something that a reader should know. */
export function warning(check: Check, code: string, { at = "", params = {} }: Detail = {}): Finding {
  return { check, outcome: "warning", code, params, at };
}

/** Return the finding of a check that could not be made. */
export function unknown(check: Check, code: string, { at = "", params = {} }: Detail = {}): Finding {
  return { check, outcome: "unknown", code, params, at };
}

/** The findings of checks that were not made. */
export const NOT_MADE: readonly Finding[] = CHECKS.map((check) => unknown(check, "not-checked"));

/** Return what findings add up to: whether the credential is authentic, timely and well formed, not who the issuer is. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((one) => one.outcome === "failed")) return "not-verified";
  const answered = DECISIVE.every((check) => findings.some((one) => one.check === check && one.outcome !== "unknown"));
  return answered ? "verified" : "inconclusive";
}
