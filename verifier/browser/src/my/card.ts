// A badge of My badges: what it is worth, and what its holder can do with it.

import { badgeLink } from "/static/badge-link.js";
import { renderReport } from "/static/badge-report.js";
import { download, element, facts } from "/static/dom.js";
import { day, t } from "/static/texts.js";
import { announce, at, button, paragraph } from "../page";
import { linkedInLink } from "../paper/linkedin";
import { language, spoken } from "../view/spoken";
import { removeBadge, shortestText } from "../wallet/badges";
import type { KeptBadge } from "../wallet/database";
import { certificateForm } from "./certificate-form";
import type { Mine, My } from "./mine";
import { toneOf, wordOf } from "/static/verdict.js";

const KEY_WORDS = { here: "page.my.key-here", missing: "page.my.key-missing", none: "page.my.bearer" } as const;

/** Return what a badge is called; its id where nothing of it could be verified. */
export function titleOf({ badge, report }: Mine): string {
  const shown = report.credential?.(language());
  return shown?.achievement.name || shown?.name || badge.id;
}

/** Return the card of a badge. */
export function card(my: My, mine: Mine): HTMLElement {
  const { report } = mine;
  const shown = report.credential?.(language()) ?? null;
  const word = wordOf(report, true) as string;
  return element(
    "li",
    { class: `my-badge tone-${toneOf(word)}` },
    element("h3", {}, titleOf(mine)),
    element("p", { class: "my-verdict" }, t(`page.verdict.${word}`)),
    facts([
      [t("page.issuer.provider"), shown ? (shown.issuer.registered?.name ?? shown.issuer.domain) : null],
      [t("page.achieved.level"), shown?.levels.map((level) => level.name || level.code).join(" / ") ?? null],
      [t("page.achieved.issued"), shown?.validFrom ? day(shown.validFrom) : null],
    ]),
    paragraph(KEY_WORDS[mine.key], {}, "quiet my-key"),
    wholeReport(my, mine),
    actions(my, mine),
  ) as HTMLElement;
}

/** The whole report, made when it is asked for. */
function wholeReport(my: My, { report }: Mine): HTMLElement {
  const place = element("div", {}) as HTMLElement;
  const details = element("details", {}, element("summary", {}, t("page.checks.title")), place) as HTMLDetailsElement;
  details.addEventListener("toggle", () => {
    if (!details.open || place.hasChildNodes()) return;
    const options = { verifier: my.verifier, language: language(), saysBadge: true, level: 4 };
    place.replaceChildren(renderReport(spoken(report), options).node);
  });
  return details;
}

function actions(my: My, mine: Mine): HTMLElement {
  const place = element("div", {}) as HTMLElement;
  const details = element("details", {}, element("summary", {}, t("page.my.actions")), place) as HTMLDetailsElement;
  details.addEventListener("toggle", () => {
    if (details.open && !place.hasChildNodes()) place.replaceChildren(...allActions(my, mine));
  });
  return details;
}

function allActions(my: My, mine: Mine): HTMLElement[] {
  const verified = mine.report.verdict === "verified";
  const shown = verified ? [certificateForm(my, mine), linkPart(my, mine), linkedIn(my, mine)] : [];
  return [...shown, files(mine.badge), removal(my, mine)];
}

function linkPart(my: My, { badge }: Mine): HTMLElement {
  const place = element("div", {}) as HTMLElement;
  const show = button(
    "page.my.link",
    async () => {
      const { sharePanel } = await import("/static/share.js");
      const made = sharePanel(await badgeLink(shortestText(badge), my.verifier)) as HTMLElement;
      place.replaceChildren(made);
      made.querySelector("h2")?.focus();
    },
    "second",
  );
  return element("div", {}, element("p", { class: "actions" }, show), place) as HTMLElement;
}

/** A link that somebody presses, or not: nothing goes to LinkedIn before. */
function linkedIn(my: My, { badge, report }: Mine): HTMLElement {
  const place = element("p", {}) as HTMLElement;
  const credential = report.credential?.(language());
  if (!credential) return place;
  void badgeLink(shortestText(badge), my.verifier).then((link: string) => {
    const attributes = { href: linkedInLink(credential, link), target: "_blank", rel: "noopener noreferrer" };
    const why = element("span", { class: "quiet block" }, t("page.my.linkedin-why"));
    place.replaceChildren(element("a", attributes, t("page.my.linkedin")), why);
  });
  return place;
}

function files(badge: KeptBadge): HTMLElement {
  const name = `badge-${badge.id
    .replace("urn:uuid:", "")
    .replace(/[^\w-]/g, "")
    .slice(0, 8)}`;
  const forms: [string | null, string, string, string][] = [
    [badge.dataIntegrity, "page.my.file-json", "json", "application/json"],
    [badge.vcJwt, "page.my.file-jwt", "jwt", "application/vc+jwt"],
  ];
  const buttons = forms.flatMap(([text, key, ending, type]) =>
    text === null ? [] : [button(key, () => download(`${name}.${ending}`, text, type), "second")],
  );
  return element("p", { class: "actions" }, element("span", {}, t("page.my.files")), " ", buttons) as HTMLElement;
}

/** Removing takes a second press: what is gone cannot be had back. */
function removal(my: My, mine: Mine): HTMLElement {
  const place = element("div", {}) as HTMLElement;
  const remove = button("page.my.remove", () => ask(), "second");
  const ask = (): void => {
    const yes = button("page.my.remove-yes", async () => {
      await removeBadge(my.wallet, mine.badge.id);
      await my.changed();
      announce(t("page.my.removed", { name: titleOf(mine) }));
      (document.getElementById("badges-title") ?? at("title")).focus();
    });
    const no = button("page.my.remove-no", () => (place.replaceChildren(), remove.focus()), "second");
    const question = paragraph("page.my.remove-ask", { name: titleOf(mine) }, "strong");
    place.replaceChildren(
      element("div", { class: "note failure" }, question, element("p", { class: "actions" }, no, yes)) as HTMLElement,
    );
    no.focus();
  };
  return element("div", {}, element("p", { class: "actions" }, remove), place) as HTMLElement;
}
