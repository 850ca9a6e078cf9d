// What went wrong with the wallet, a share or a presentation, as the names of texts for people.

import { MalformedDocumentError } from "./errors";
import { ShareError } from "./share/crypto";
import { WalletError } from "./wallet/database";

const IN_PRESENTATIONS = ["too-large", "too-many-badges", "duplicate-badge"];

/**
 * Return the beginning of the names of the two texts, `….title` and `….detail`, that say what went wrong. What is wrong
 * with the form of a presentation is one thing to a reader, whichever rule it breaks.
 */
export function problemKey(error: unknown): string {
  return `page.holder.problem.${codeOf(error)}`;
}

function codeOf(error: unknown): string {
  if (error instanceof WalletError || error instanceof ShareError) return error.code;
  if (!(error instanceof MalformedDocumentError)) return "other";
  return IN_PRESENTATIONS.includes(error.code) ? error.code : "not-a-presentation";
}
