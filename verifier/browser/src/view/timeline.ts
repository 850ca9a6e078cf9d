// Badges along time: when each was issued, until when it is good, and what has become of it.

import { signOf } from "/static/signs.js";
import { asWritten, element, svgElement } from "/static/dom.js";
import { day, t, until } from "/static/texts.js";
import { isHeld, shownIn, toneOfBadge, wordOfBadge, type SeenBadge } from "./seen";
import { language } from "./spoken";
import { nameOf } from "./summary";

const WIDTH = 200;
const HEIGHT = 14;
const YEAR_MILLISECONDS = 31_556_952_000;

/** A badge's time: moments in milliseconds; `end` is null for one without an end. */
interface Span {
  readonly badge: SeenBadge;
  readonly number: number;
  readonly start: number;
  readonly end: number | null;
  readonly year: string;
}

/** The times that the drawing covers. */
interface Axis {
  readonly first: number;
  readonly last: number;
  readonly now: number;
}

/**
 * Return the timeline, the newest first; null where no badge has a day. The list says everything in words, for screen
 * readers and on paper; the bars beside it only draw it.
 */
export function renderTimeline(badges: readonly SeenBadge[], now: Date): HTMLElement | null {
  const spans = badges.flatMap(spanOf).sort((one, other) => other.start - one.start);
  if (spans.length === 0) return null;
  const axis = axisOf(spans, now.getTime());
  const years = [...new Set(spans.map((span) => span.year))];
  return element(
    "section",
    { class: "timeline", "aria-labelledby": "timeline-title" },
    element("h2", { id: "timeline-title" }, t("page.views.time.title")),
    element("p", { class: "quiet" }, t("page.views.time.intro")),
    years.flatMap((year) => [
      element("h3", {}, t("page.views.time.year", { year })),
      element(
        "ol",
        {},
        spans.filter((span) => span.year === year).map((span) => entry(span, axis)),
      ),
    ]),
  ) as HTMLElement;
}

function spanOf(badge: SeenBadge, number: number): Span[] {
  const shown = shownIn(badge, "ja");
  const [start, end] = [Date.parse(shown?.validFrom ?? ""), Date.parse(shown?.validUntil ?? "")];
  if (Number.isNaN(start)) return [];
  // The year that the issuer wrote, whatever the reader's time zone.
  const year = (shown?.validFrom ?? "").slice(0, 4);
  return [{ badge, number, start, end: Number.isNaN(end) ? null : end, year }];
}

/** Return the times to draw: from the first badge to the last end, and always a year beyond now. */
function axisOf(spans: readonly Span[], now: number): Axis {
  const ends = spans.map(({ end }) => end ?? 0);
  return {
    first: Math.min(...spans.map(({ start }) => start), now),
    last: Math.max(now + YEAR_MILLISECONDS, ...ends),
    now,
  };
}

function entry(span: Span, axis: Axis): HTMLElement {
  const { badge, number } = span;
  const shown = shownIn(badge, language());
  const tone = toneOfBadge(badge);
  const level = shown?.levels.find((one) => one.known)?.name;
  return element(
    "li",
    { class: `tone-${tone}` },
    signOf(tone),
    element(
      "div",
      {},
      element("span", { class: "when" }, day(shown?.validFrom)),
      element("span", { class: "strong what" }, asWritten(nameOf(badge, number))),
      level ? element("span", { class: "where" }, level) : null,
      element("span", { class: "state-of-badge" }, t(`page.views.time.state.${stateOf(badge)}`)),
      element("span", { class: "where" }, endOf(span)),
      bar(span, axis),
    ),
  ) as HTMLElement;
}

/** Return what has become of a badge, in one word. */
function stateOf(badge: SeenBadge): string {
  const word = wordOfBadge(badge);
  if (word === "accredited") return isHeld(badge) ? "good" : "open";
  if (badge.report.verdict === "verified") return "not-accredited";
  return ["revoked", "expired", "on-hold", "not-yet-valid", "inconclusive"].includes(word) ? word : "invalid";
}

function endOf({ badge }: Span): string {
  const end = shownIn(badge, language())?.validUntil;
  return end ? t("page.views.time.until", { end: until(end) }) : t("page.views.time.no-end");
}

function bar({ start, end, badge }: Span, { first, last, now }: Axis): SVGElement {
  const place = (moment: number) => Math.round(((moment - first) / (last - first)) * (WIDTH - 2) * 10) / 10 + 1;
  const stopped = badge.report.verdict === "not-verified" && stateOf(badge) !== "expired";
  const [from, to] = [place(start), place(end ?? last)];
  return svgElement(
    "svg",
    { class: stopped ? "bar stopped" : "bar", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    svgElement("path", { class: "axis", d: `M1 7H${WIDTH - 1}` }),
    svgElement("path", { class: "good-for", d: `M${from} 7H${Math.max(to, from + 2)}` }),
    svgElement("path", { class: "ends", d: end === null ? "M0 0" : `M${to} 2v10` }),
    svgElement("path", { class: "today", d: `M${place(now)} 0v14` }),
  ) as SVGElement;
}
