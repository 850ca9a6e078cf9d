// A report in the reader's language, in the shape that /static/badge-report.js shows.

import { currentLanguage, knowsText, t } from "/static/texts.js";
import { passed, type Finding, type Language, type Report, type ShownCredential } from "../verify/report";
import { findingText } from "../verify/texts";
import { isHeld, type SeenBadge } from "./seen";

/** A report with its sentences: the shape of what `POST /v1/verify` answers. */
export type SpokenReport = Omit<Report, "credential" | "findings"> & {
  readonly credential: ShownCredential | null;
  readonly findings: readonly (Finding & { readonly text: string })[];
};

/** Return the language that the page speaks. */
export function language(): Language {
  return currentLanguage() === "en" ? "en" : "ja";
}

/** Return a report in words. */
export function spoken(report: Report): SpokenReport {
  return {
    ...report,
    credential: report.credential?.(language()) ?? null,
    findings: report.findings.map((finding) => ({ ...finding, text: sentenceOf(finding) })),
  };
}

/** Return the report on a badge in words, with what its presenter showed about who holds it. */
export function spokenOf(badge: SeenBadge): SpokenReport {
  const { report } = badge;
  if (!isHeld(badge)) return spoken(report);
  const findings = report.findings.map((one) => (one.check === "holder" ? passed("holder", "key-shown") : one));
  return spoken({ ...report, findings });
}

/** Return the sentence that explains a finding. */
export function sentenceOf(finding: Finding): string {
  return findingText(finding, { has: knowsText, fill: t });
}

/** Return words joined as a list is joined in the reader's language. */
export function listed(words: readonly string[]): string {
  return words.join(language() === "ja" ? "、" : ", ");
}
