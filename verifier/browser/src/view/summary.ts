// Several badges in one look: how many of which kind, and whether the presenter holds their keys.

import { signOf } from "/static/signs.js";
import { element } from "/static/dom.js";
import { t } from "/static/texts.js";
import { countKinds, possessionOf, type Count } from "./kinds";
import { shownIn, type SeenBadge } from "./seen";
import { language, listed } from "./spoken";

/** Return the summary in one line, such as "verified, provider accredited: 4; revoked: 1". */
export function summaryLine(badges: readonly SeenBadge[]): string {
  return countKinds(badges)
    .map(({ kind, count }) =>
      t("page.views.summary.count", { kind: t(`page.views.kind.${kind}`), count: String(count) }),
    )
    .join(t("page.views.summary.between"));
}

/** Return the summary: one line, a large number for each kind, and whether the presenter holds the keys. */
export function renderSummary(badges: readonly SeenBadge[]): HTMLElement {
  return element(
    "section",
    { class: "summary-of-badges", "aria-labelledby": "summary-title" },
    element(
      "h2",
      { id: "summary-title", tabindex: "-1" },
      t("page.views.summary.title", { count: String(badges.length) }),
    ),
    element("p", { class: "summary-line" }, summaryLine(badges)),
    element("ul", { class: "kinds" }, countKinds(badges).map(tile)),
    badges.every((badge) => badge.holder === "own") ? null : possession(badges),
  ) as HTMLElement;
}

function tile({ kind, count, tone }: Count): HTMLElement {
  return element(
    "li",
    { class: `kind tone-${tone}` },
    signOf(tone),
    element("span", { class: "number" }, String(count)),
    element("span", { class: "strong" }, t(`page.views.kind.${kind}`)),
    element("span", { class: "why" }, t(`page.views.kind-why.${kind}`)),
  ) as HTMLElement;
}

function possession(badges: readonly SeenBadge[]): HTMLElement {
  const { held, open } = possessionOf(badges);
  const tone = open.length === 0 ? "good" : "care";
  return element(
    "div",
    { class: `possession tone-${tone}` },
    signOf(tone),
    element(
      "div",
      {},
      element("h3", {}, possessionTitle(held.length, open.length)),
      open.length > 0 && held.length > 0
        ? element("p", {}, t("page.views.possession.others", { count: String(held.length) }))
        : null,
      open.length > 0
        ? element(
            "ul",
            {},
            open.map((number) => openBadge(badges[number] as SeenBadge, number)),
          )
        : null,
      element("p", { class: "strong" }, t("page.views.possession.what-to-do")),
      element(
        "ul",
        {},
        waysOn(open.map((number) => badges[number] as SeenBadge)).map((way) => element("li", {}, t(way))),
      ),
    ),
  ) as HTMLElement;
}

function possessionTitle(held: number, open: number): string {
  if (open === 0) return t(held === 1 ? "page.views.possession.one" : "page.views.possession.all");
  return t(held === 0 ? "page.views.possession.none" : "page.views.possession.some", { count: String(open) });
}

function openBadge(badge: SeenBadge, number: number): HTMLElement {
  return element(
    "li",
    {},
    element("span", { class: "strong" }, nameOf(badge, number)),
    t("page.views.possession.because", { reason: t(`page.views.holder.${badge.holder}`) }),
  ) as HTMLElement;
}

/** Return what to call a badge; what has no name that a proof vouches for has its number. */
export function nameOf(badge: SeenBadge, number: number): string {
  const shown = shownIn(badge, language());
  return shown?.achievement.name || shown?.name || t("page.views.unnamed", { number: String(number + 1) });
}

/** Return several badges' names as one text. */
export function namesOf(badges: readonly SeenBadge[], numbers: readonly number[]): string {
  return listed(numbers.map((number) => nameOf(badges[number] as SeenBadge, number)));
}

function waysOn(open: readonly SeenBadge[]): string[] {
  const ways = ["page.views.possession.interview"];
  if (open.some((badge) => badge.holder !== "bearer")) ways.unshift("page.views.possession.ask-share");
  if (open.some((badge) => badge.holder === "bearer")) ways.push("page.views.possession.ask-provider");
  return ways;
}
