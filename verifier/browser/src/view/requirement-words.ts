// A requirement and what became of it, in words: for the page and for the record.

import { amount, day, t } from "/static/texts.js";
import type { Frameworks } from "../frameworks";
import type { Condition, NewerThan, Requirement } from "./requirement-json";
import { subjectOf, type Line } from "./requirements";
import type { SeenBadge } from "./seen";
import { language, listed } from "./spoken";
import { nameOf } from "./summary";

/** Return a requirement's name, or "". */
export function titleOf({ name }: Requirement): string {
  return name[language()] || name.ja || name.en;
}

/** Return a condition in words, such as "Machine learning, ITSS V3 level 3 or higher, layer 2". */
export function conditionWords(condition: Condition, frameworks: Frameworks): string {
  const spoken = language();
  const subject = subjectOf(condition, frameworks)?.name[spoken];
  const level = condition.level && frameworks.levelName(condition.level)?.[spoken];
  return listed(
    [
      subject && t(condition.area ? "page.views.condition.area" : "page.views.condition.skill", { name: subject }),
      level && t("page.views.condition.level", { level }),
      condition.layer && t(`page.views.layer.${condition.layer}`),
      condition.newerThan && ageWords(condition.newerThan),
    ].filter((part) => typeof part === "string"),
  );
}

function ageWords(newerThan: NewerThan): string {
  if ("date" in newerThan) return t("page.views.condition.since", { day: day(newerThan.date) });
  const years = newerThan.days / 365;
  if (Number.isInteger(years)) return t("page.views.condition.years", { years: amount(years, "year") });
  return t("page.views.condition.days", { days: amount(newerThan.days, "day") });
}

/** Return what became of a line: the badges that meet it, or what the nearest lacks. */
export function lineWords(line: Line, badges: readonly SeenBadge[]): string {
  if (line.met) {
    const names = line.badges.map((number) => withHolder(badges[number] as SeenBadge, number));
    return t("page.views.line.met-by", { badges: listed(names) });
  }
  if (!line.nearest) return t("page.views.line.no-badge");
  const { badge, reasons } = line.nearest;
  const words = reasons.map((reason) => t(`page.views.reason.${reason}`));
  return t("page.views.line.nearest", { badge: nameOf(badges[badge] as SeenBadge, badge), reasons: listed(words) });
}

function withHolder(badge: SeenBadge, number: number): string {
  const name = nameOf(badge, number);
  if (badge.holder === "own") return t("page.views.line.badge", { name });
  return t("page.views.line.badge-held", { name, holder: t(`page.views.holder.${badge.holder}`) });
}
