// Each badge as a card, by skill standard: what was achieved, who vouches for it, and the whole report on demand.

import { signOf } from "/static/signs.js";
import { renderReport } from "/static/badge-report.js";
import { asWritten, element, facts } from "/static/dom.js";
import { day, t, until } from "/static/texts.js";
import type { Frameworks } from "../frameworks";
import type { ShownCredential, Standing } from "../verify/report";
import { isHeld, shownIn, toneOfBadge, wordOfBadge, type SeenBadge } from "./seen";
import { language, spokenOf } from "./spoken";
import { nameOf } from "./summary";

/** What the cards need to know: the address of this verifier for the reports, and the skill standards. */
export interface Surroundings {
  readonly verifier: string;
  readonly frameworks: Frameworks;
}

/** A badge with its place among all. */
interface Numbered {
  readonly badge: SeenBadge;
  readonly number: number;
}

interface Group {
  readonly title: string;
  readonly badges: readonly Numbered[];
}

let drawn = 0;

/** Return the cards: by skill standard, the newest first; what is not proven to be the presenter's apart from the rest. */
export function renderBadges(badges: readonly SeenBadge[], surroundings: Surroundings): HTMLElement {
  return element(
    "section",
    { class: "badges-list", "aria-label": t("page.views.list.title") },
    groupsOf(badges, surroundings.frameworks).flatMap(({ title, badges: inside }) => [
      element("h2", {}, title),
      element(
        "ul",
        { class: "cards" },
        inside.map((one) => card(one, surroundings)),
      ),
    ]),
  ) as HTMLElement;
}

function groupsOf(badges: readonly SeenBadge[], frameworks: Frameworks): Group[] {
  const all = badges.map((badge, number) => ({ badge, number })).sort(newestFirst);
  const mixed = badges.some(isHeld);
  const apart = all.filter(({ badge }) => mixed && !isHeld(badge));
  const others = all.filter((one) => !apart.includes(one));
  const keys = [...frameworks.byKey.keys(), ""];
  const groups = keys.map((key) => ({
    title: titleOf(frameworks.get(key)?.name[language()]),
    badges: others.filter(({ badge }) => standardOf(badge, frameworks) === key),
  }));
  return [...groups, { title: t("page.views.list.not-proven"), badges: apart }].filter((one) => one.badges.length > 0);
}

function titleOf(standard: string | undefined): string {
  return standard ? t("page.views.list.of", { standard }) : t("page.views.list.no-standard");
}

function newestFirst({ badge: one }: Numbered, { badge: other }: Numbered): number {
  return Date.parse(shownIn(other, "ja")?.validFrom ?? "") - Date.parse(shownIn(one, "ja")?.validFrom ?? "") || 0;
}

/** Return the first standard of which a badge names an item that we know; "" for none. */
function standardOf(badge: SeenBadge, frameworks: Frameworks): string {
  return shownIn(badge, "ja")?.skills.find((one) => one.known && frameworks.get(one.framework))?.framework ?? "";
}

function card({ badge, number }: Numbered, { verifier }: Surroundings): HTMLElement {
  const [tone, shown] = [toneOfBadge(badge), shownIn(badge, language())];
  drawn += 1;
  const report = element("div", { id: `report-of-badge-${drawn}`, class: "in-place", hidden: "" }) as HTMLElement;
  return element(
    "li",
    { class: `card-of-badge tone-${tone}` },
    element(
      "div",
      { class: "card-head" },
      signOf(tone),
      element(
        "div",
        {},
        element("h3", {}, asWritten(nameOf(badge, number))),
        element("p", { class: "strong" }, t(`page.verdict.${wordOfBadge(badge)}`)),
        isHeld(badge) ? null : element("p", { class: "caveat" }, t(`page.views.holder.${badge.holder}`)),
      ),
    ),
    shown ? factsOf(badge, shown) : null,
    element("p", { class: "actions no-print" }, reportButton(badge, number, { verifier, report })),
    report,
  ) as HTMLElement;
}

function factsOf(badge: SeenBadge, shown: ShownCredential): HTMLElement {
  const { standing } = badge.report;
  return facts([
    [t("page.views.list.provider"), shown.issuer.registered?.name ?? unregistered(shown)],
    [t("page.words.at-issue"), standingWords(standing.atIssue, badge)],
    [t("page.words.now"), standingWords(standing.now, badge)],
    [t("page.achieved.level"), levelsOf(shown)],
    [t("page.achieved.issued"), shown.validFrom ? day(shown.validFrom) : null],
    [t("page.achieved.expires"), shown.validUntil ? until(shown.validUntil) : null],
    [t("page.views.list.holder"), t(`page.views.holder.${badge.holder}`)],
  ]) as HTMLElement;
}

/** Return what an issuer that nobody knows calls itself, marked as its own word. */
function unregistered({ issuer }: ShownCredential): HTMLElement {
  const claimed = issuer.claimedName ? t("page.views.list.claimed", { name: issuer.claimedName }) : null;
  return element(
    "span",
    {},
    element("span", { class: "failed strong" }, t("page.views.provider.unknown")),
    claimed && element("span", { class: "where" }, claimed),
  ) as HTMLElement;
}

function standingWords(standing: Standing, { report }: SeenBadge): string {
  if (standing === "unknown" && report.registry.number === null) return t("page.standing.no-register");
  return t(`page.standing.${standing}`);
}

function levelsOf({ levels }: ShownCredential): string {
  const names = levels.map((level) =>
    level.known ? level.name : t("page.achieved.claimed", { text: level.name || level.code }),
  );
  return names.length > 0 ? names.join(" / ") : t("page.achieved.no-level");
}

function reportButton(
  badge: SeenBadge,
  number: number,
  { verifier, report }: { verifier: string; report: HTMLElement },
): HTMLElement {
  const button = element(
    "button",
    {
      type: "button",
      class: "second",
      "aria-expanded": "false",
      "aria-controls": report.id,
      "aria-label": t("page.views.list.open-which", { badge: nameOf(badge, number) }),
    },
    t("page.views.list.open"),
  ) as HTMLButtonElement;
  button.addEventListener("click", () => {
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    report.hidden = !opens;
    if (!opens) return;
    const view = renderReport(spokenOf(badge), { verifier, language: language(), saysBadge: true, level: 4 });
    report.replaceChildren(view.node);
    view.heading.focus();
  });
  return button;
}
