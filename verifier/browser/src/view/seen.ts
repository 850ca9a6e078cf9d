// A badge as somebody shows it: its text, what was found out about it, and whether its key's holder showed it.

import type { Language, Report, ShownCredential } from "../verify/report";
import { toneOf, wordOf } from "/static/verdict.js";

/** Who holds the key of a badge: "own" in the holder's own browser, the others as a presentation tells it. */
export type Holder =
  "own" | "proven" | "not-proven" | "bearer" | "expired" | "not-yet-valid" | "wrong-audience" | "wrong-nonce";

/** A badge among several that are shown together. */
export interface SeenBadge {
  readonly text: string;
  readonly report: Report;
  readonly holder: Holder;
}

/** What a verdict and a standing come to, said together in one word; see badges/web/static/verdict.js. */
export type Word = string;
export type Tone = "good" | "care" | "bad" | "none";

/** Return the word of a badge: "accredited" is the only one that is green. */
export function wordOfBadge({ report }: SeenBadge): Word {
  return wordOf(report, true);
}

/** Return what a person is shown of a badge, or null where no proof vouches for it. */
export function shownIn(badge: SeenBadge, language: Language): ShownCredential | null {
  return badge.report.credential?.(language) ?? null;
}

/** Tell whether the presenter was shown to hold the badge's key. */
export function isHeld({ holder }: SeenBadge): boolean {
  return holder === "proven" || holder === "own";
}

/** Tell whether nothing about a badge calls for care: verified, accredited on the day of issue, and held. */
export function isSure(badge: SeenBadge): boolean {
  return wordOfBadge(badge) === "accredited" && isHeld(badge);
}

/** Return how a badge is coloured: green takes a verified badge, an accredited provider and a presenter with the key. */
export function toneOfBadge(badge: SeenBadge): Tone {
  const tone = toneOf(wordOfBadge(badge)) as Tone;
  return tone === "good" && !isHeld(badge) ? "care" : tone;
}
