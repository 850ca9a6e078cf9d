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

/** Check every badge of the wallet, the newest first; `progress` hears of each. */
export async function readMine(
  { wallet, engine }: Pick<My, "wallet" | "engine">,
  progress: (done: number, all: number) => void,
): Promise<Mine[]> {
  const [badges, held] = await Promise.all([allBadges(wallet), heldKeys(wallet)]);
  const mine: Mine[] = [];
  for (const badge of badges) {
    progress(mine.length, badges.length);
    const report = await engine.checkText(shortestText(badge));
    mine.push({ badge, report, key: badge.key === null ? "none" : held.has(badge.key) ? "here" : "missing" });
  }
  return mine;
}
