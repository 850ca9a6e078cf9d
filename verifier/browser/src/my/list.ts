// Everything that My badges shows of the wallet: the badges, how to show them to others, and what they show together.

import { element } from "/static/dom.js";
import { t } from "/static/texts.js";
import { at, paragraph } from "../page";
import { renderSkillMaps } from "../view/skill-map-table";
import type { Holder, SeenBadge } from "../view/seen";
import { language } from "../view/spoken";
import { renderTimeline } from "../view/timeline";
import { shortestText } from "../wallet/badges";
import { card } from "./card";
import type { Mine, My } from "./mine";
import { shareSection } from "./share-panel";

/** Without its key here a badge would be shown as not proven: nobody is to learn that from an employer. */
const HOLDERS: Readonly<Record<Mine["key"], Holder>> = { here: "own", missing: "not-proven", none: "bearer" };

/** Show the wallet in `#mine`. */
export function showMine(my: My, mine: readonly Mine[]): void {
  const parts = mine.length === 0 ? [emptiness()] : [badges(my, mine), shareSection(my, mine), together(my, mine)];
  at("mine").replaceChildren(...parts);
}

function emptiness(): HTMLElement {
  const ways = ["page.my.empty-claim", "page.my.empty-add"].map((key) => element("li", {}, t(key)));
  const nothing = paragraph("page.my.empty", {}, "strong");
  return element("section", { class: "panel", id: "empty" }, nothing, element("ul", {}, ways)) as HTMLElement;
}

function badges(my: My, mine: readonly Mine[]): HTMLElement {
  const groups = [...grouped(mine)].map(([standard, inside]) => [
    standard === "" ? null : element("h3", { class: "my-standard" }, standard),
    element(
      "ul",
      { class: "my-list" },
      inside.map((one) => card(my, one)),
    ),
  ]);
  const title = element("h2", { id: "badges-title", tabindex: "-1" }, t("page.my.list", { count: mine.length }));
  return element("section", { id: "badges", "aria-labelledby": "badges-title" }, title, groups.flat()) as HTMLElement;
}

/** Return the badges by the skill standard that each is first aligned with, in the order in which they came. */
function grouped(mine: readonly Mine[]): ReadonlyMap<string, readonly Mine[]> {
  const groups = new Map<string, Mine[]>();
  for (const one of mine) {
    const standard = one.report.credential?.(language()).skills[0]?.frameworkName ?? "";
    groups.set(standard, [...(groups.get(standard) ?? []), one]);
  }
  return groups;
}

function together(my: My, mine: readonly Mine[]): HTMLElement {
  const seen: SeenBadge[] = mine.map(({ badge, report, key }) => ({
    text: shortestText(badge),
    report,
    holder: HOLDERS[key],
  }));
  return element(
    "section",
    { "aria-label": t("page.my.history") },
    renderSkillMaps(seen, my.engine.frameworks),
    renderTimeline(seen, my.now()),
  ) as HTMLElement;
}
