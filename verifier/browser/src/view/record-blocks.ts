// The verification record on paper: the same findings in words, for the file of whoever checked.

import { day, moment, t, until } from "/static/texts.js";
import type { Frameworks } from "../frameworks";
import type { Finding, Standing } from "../verify/report";
import { possessionOf } from "./kinds";
import { listsOf, recordName, type Occasion, type VerificationRecord } from "./record";
import { conditionWords, lineWords, titleOf } from "./requirement-words";
import { isLineHeld, outcomeOf } from "./requirements";
import { shownIn, wordOfBadge, type SeenBadge } from "./seen";
import { language, sentenceOf } from "./spoken";
import { namesOf, nameOf, summaryLine } from "./summary";

/** A part of a plain document on paper. */
export type Block =
  | { readonly kind: "title" | "heading" | "text"; readonly text: string }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "rule" };

/** Return the blocks of a record, for `layoutPdf`. */
export function recordBlocks(occasion: Occasion, record: VerificationRecord, frameworks: Frameworks): Block[] {
  const { badges } = occasion;
  return [
    { kind: "title", text: t("page.views.record.title") },
    { kind: "facts", facts: occasionFacts(record) },
    { kind: "heading", text: t("page.views.summary.title", { count: String(badges.length) }) },
    { kind: "text", text: summaryLine(badges) },
    { kind: "text", text: possessionWords(badges) },
    ...badges.flatMap(badgeBlocks),
    ...requirementBlocks(occasion, frameworks),
    ...listBlocks(badges),
    { kind: "rule" },
    { kind: "text", text: t("page.views.record.kept", { file: `${recordName(record)}.json` }) },
    { kind: "text", text: t("page.views.record.repeat", { file: `${recordName(record)}.json` }) },
  ];
}

function occasionFacts({ checkedAt, checkedBy, verifier, registry }: VerificationRecord): [string, string][] {
  const number = registry.number;
  return [
    [t("page.result.checked-at"), t("page.views.record.time", { time: moment(checkedAt), utc: checkedAt })],
    [t("page.views.record.by"), t(`page.views.record.by-${checkedBy}`)],
    [t("page.result.by"), verifier],
    [
      t("page.result.register"),
      number === null
        ? t("page.result.no-register")
        : `${t("page.result.register-number", { number: String(number) })}${registry.of ? ` ${registry.of}` : ""}`,
    ],
  ];
}

function possessionWords(badges: readonly SeenBadge[]): string {
  const { held, open } = possessionOf(badges);
  if (open.length === 0) return t(held.length === 1 ? "page.views.possession.one" : "page.views.possession.all");
  return t("page.views.record.open", { badges: namesOf(badges, open) });
}

function badgeBlocks(badge: SeenBadge, number: number): Block[] {
  const title = t("page.views.record.badge", { number: String(number + 1), name: nameOf(badge, number) });
  return [
    { kind: "heading", text: title },
    { kind: "text", text: t(`page.verdict.${wordOfBadge(badge)}`) },
    { kind: "facts", facts: badgeFacts(badge) },
    { kind: "list", items: badge.report.findings.map(findingWords) },
  ];
}

function badgeFacts(badge: SeenBadge): [string, string][] {
  const shown = shownIn(badge, language());
  const { standing } = badge.report;
  const facts: [string, string][] = [
    [t("page.words.at-issue"), standingWords(standing.atIssue, badge)],
    [t("page.words.now"), standingWords(standing.now, badge)],
    [t("page.views.list.holder"), t(`page.views.holder.${badge.holder}`)],
  ];
  if (!shown) return facts;
  const levels = shown.levels.filter((level) => level.known).map((level) => level.name);
  return [
    [t("page.views.list.provider"), shown.issuer.registered?.name ?? t("page.views.provider.unknown")],
    [t("page.achieved.level"), levels.join(" / ") || t("page.achieved.no-level")],
    [t("page.achieved.issued"), shown.validFrom ? day(shown.validFrom) : ""],
    [t("page.achieved.expires"), shown.validUntil ? until(shown.validUntil) : t("page.achieved.no-expiry")],
    ...facts,
    [t("page.result.badge-id"), shown.id],
  ];
}

function standingWords(standing: Standing, { report }: SeenBadge): string {
  const key = standing === "unknown" && report.registry.number === null ? "no-register" : standing;
  return t(`page.standing.${key}`);
}

function findingWords(finding: Finding): string {
  return t("page.views.record.finding", {
    check: t(`page.check-name.${finding.check}`),
    outcome: t(`page.outcome.${finding.outcome}`),
    text: sentenceOf(finding),
  });
}

function requirementBlocks({ requirement, badges }: Occasion, frameworks: Frameworks): Block[] {
  if (!requirement) return [];
  const { asked, result } = requirement;
  const title = titleOf(asked);
  return [
    { kind: "heading", text: t("page.views.requirement.title") },
    ...(title ? [{ kind: "text", text: title } as const] : []),
    { kind: "text", text: t(`page.views.outcome.${outcomeOf(result, badges)}`) },
    ...result.alternatives.flatMap(({ lines }, index): Block[] => [
      { kind: "text", text: alternativeTitle(index, result.alternatives.length) },
      {
        kind: "list",
        items: lines.map((line) => {
          const outcome = line.met ? (isLineHeld(line, badges) ? "met" : "open") : "not-met";
          return t("page.views.record.line", {
            outcome: t(`page.views.line.${outcome}`),
            asked: conditionWords(line.condition, frameworks),
            why: lineWords(line, badges),
          });
        }),
      },
    ]),
  ];
}

function alternativeTitle(index: number, all: number): string {
  const key = index > 0 && all > 1 ? "page.views.requirement.or-group" : "page.views.requirement.group";
  return t(key, { number: String(index + 1) });
}

function listBlocks(badges: readonly SeenBadge[]): Block[] {
  const lists = listsOf(badges.map(({ report }) => report));
  if (lists.length === 0) return [];
  return [
    { kind: "heading", text: t("page.views.record.lists") },
    {
      kind: "list",
      items: lists.map(({ url, validFrom }) => t("page.views.record.list", { url, time: moment(validFrom) })),
    },
  ];
}
