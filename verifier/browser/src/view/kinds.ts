// What several badges come to: how many of which kind, and whose keys the presenter holds.

import { isHeld, toneOfBadge, wordOfBadge, type SeenBadge, type Tone, type Word } from "./seen";

/** In the order of telling. Verdict, standing and possession are said together: there is no "verified" alone. */
export const KINDS = [
  "accredited",
  "accredited-open",
  "registered",
  "unknown",
  "no-register",
  "revoked",
  "on-hold",
  "expired",
  "not-yet-valid",
  "invalid",
  "inconclusive",
  "unreadable",
] as const;
export type Kind = (typeof KINDS)[number];
const TOLD_TOGETHER: Readonly<Record<Word, Kind>> = { nothing: "unreadable" };

/** How many badges are of one kind. */
export interface Count {
  readonly kind: Kind;
  readonly count: number;
  readonly tone: Tone;
}

/** Return the kind of a badge. */
export function kindOf(badge: SeenBadge): Kind {
  const word = wordOfBadge(badge);
  if (word === "accredited" && !isHeld(badge)) return "accredited-open";
  return KINDS.find((kind) => kind === word) ?? TOLD_TOGETHER[word] ?? "invalid";
}

/** Return how many badges there are of each kind that there is. */
export function countKinds(badges: readonly SeenBadge[]): Count[] {
  return KINDS.flatMap((kind) => {
    const [first, ...others] = badges.filter((badge) => kindOf(badge) === kind);
    return first ? [{ kind, count: others.length + 1, tone: toneOfBadge(first) }] : [];
  });
}

/** Which badges' keys the presenter holds, and which not, by number. */
export interface Possession {
  readonly held: readonly number[];
  readonly open: readonly number[];
}

/** Return whose keys were shown. */
export function possessionOf(badges: readonly SeenBadge[]): Possession {
  const numbers = badges.map((_, number) => number);
  const held = numbers.filter((number) => isHeld(badges[number] as SeenBadge));
  return { held, open: numbers.filter((number) => !held.includes(number)) };
}
