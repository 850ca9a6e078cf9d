// What My badges holds while it is open: the wallet, the badges in it with what their checks came to, and the keys.

import type { Engine } from "../engine";
import type { Report } from "../verify/report";
import { allBadges, shortestText } from "../wallet/badges";
import type { KeptBadge, Wallet } from "../wallet/database";
import { heldKeys } from "../wallet/keys";

/** A badge of the wallet: as it is kept, what its check came to, and whether its key is here. */
export interface Mine {
  readonly badge: KeptBadge;
  readonly report: Report;
  readonly key: "here" | "missing" | "none";
}

/** What the parts of the page work with. `changed` says that the wallet is another than before. */
export interface My {
  readonly wallet: Wallet;
  readonly engine: Engine;
  readonly verifier: string;
  readonly now: () => Date;
  readonly changed: () => Promise<void>;
}

/** Check every badge of the wallet, the newest first; `progress` hears how many are done. */
export async function readMine(
  { wallet, engine }: Pick<My, "wallet" | "engine">,
  progress: (done: number, all: number) => void,
): Promise<Mine[]> {
  const [badges, held] = await Promise.all([allBadges(wallet), heldKeys(wallet)]);
  const reports = await engine.checkTexts(badges.map(shortestText), (done) => progress(done, badges.length));
  return badges.map((badge, index) => ({ badge, report: reports[index]!, key: placeOf(badge.key, held) }));
}

function placeOf(key: string | null, held: ReadonlySet<string>): Mine["key"] {
  if (key === null) return "none";
  return held.has(key) ? "here" : "missing";
}
