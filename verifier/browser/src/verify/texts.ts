// The sentence of a finding, from the catalogue: the counterpart of `Finding.text` in verifier/report.py.

import type { Params } from "../errors";
import type { Finding } from "./report";

/** The texts of one language. */
export interface Texts {
  /** Tell whether there is a text under a key. */
  has(key: string): boolean;
  /** Return the text with its {placeholders} filled. */
  fill(key: string, params: Params): string;
}

/** Return the sentence that explains a finding: of its check and code, of its code alone, else one that gives the code. */
export function findingText({ check, code, params }: Finding, texts: Texts): string {
  const keys = [`finding.${check}.${code}`, `finding.${code}`, `finding.${check}.other`];
  return texts.fill(keys.find((key) => texts.has(key)) ?? "finding.other", { code, ...params });
}
