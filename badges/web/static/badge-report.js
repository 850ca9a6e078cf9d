// A report as people read it. Everything that a badge says arrives here as text and stays text.

import { asWritten, element, facts, panel } from "./dom.js";
import { outside } from "./outside.js";
import { signOf } from "./signs.js";
import { currentLanguage, day, moment, since, t, until } from "./texts.js";
import { isBadge, reasonsOf, toneOf, wordOf } from "./verdict.js";

const SIGN_OF_OUTCOME = { passed: "good", failed: "bad", warning: "care", unknown: "none", absent: "absent" };
// Nothing went wrong there, because there is nothing.
const ABSENT = ["no-endorsements", "no-status-offered"];
const ADVISED = ["unknown", "no-register", "changed", "wrong-key", "unsigned", "expired", "on-hold"];
const MECHANISMS = ["vc-jwt", "data-integrity"];
const MANY_SKILLS = 6;

/**
 * Return `{node, heading, summary}` of a report: what to show, what to move the focus to, what to announce.
 *
 * `verifier` is the address of this verifier, for paper; `language` that of the sentences in the report; `saysBadge`
 * tells whether what was given calls itself a badge; `after` is what stands below the verdict, and `level` that of the
 * headline: a report that is opened below other headings begins lower.
 *
 * @param {Record<string, any>} report
 * @param {{verifier: string, language: string, saysBadge: boolean, after?: unknown[], level?: number}} options
 */
export function renderReport(report, { verifier, language, saysBadge, after = [], level = 1 }) {
  const word = wordOf(report, saysBadge);
  const heading = element(`h${level}`, { class: "headline", tabindex: "-1" }, t(`page.verdict.${word}`));
  const tell = (one) => sentence(one, report, language);
  const node = element(
    "article",
    { class: `report tone-${toneOf(word)}`, lang: currentLanguage() },
    verdict(report, word, { heading, tell }),
    after,
    isBadge(word) ? details(report, word, { tell, verifier }) : null,
  );
  if (level > 1) lower(node, level - 1);
  return { node, heading, summary: summary(report, word) };
}

/** Put the headings of a report's panels below a headline that is itself lower. */
function lower(node, by) {
  for (const heading of node.querySelectorAll("h2, h3")) {
    if (heading.classList.contains("headline")) continue;
    const level = Math.min(Number(heading.tagName.slice(1)) + by, 6);
    heading.replaceWith(element(`h${level}`, { class: heading.tagName === "H2" ? "title" : null }, ...heading.childNodes));
  }
}

function details(report, word, { tell, verifier }) {
  const { credential } = report;
  return [
    words(report, word),
    credential ? issuer(credential.issuer) : element("p", { class: "note" }, t("page.achieved.unproven")),
    credential ? achieved(credential) : null,
    checks(report.findings, tell),
    credential && !holderShown(report) ? notChecked(credential) : null,
    record(report, verifier),
  ];
}

function summary(report, word) {
  const headline = t(`page.verdict.${word}`);
  return isBadge(word) ? `${headline}. ${t("page.words.at-issue")}: ${standing(report, "atIssue")}` : headline;
}

function known(value, values, otherwise) {
  return values.includes(value) ? value : otherwise;
}

function verdict(report, word, { heading, tell }) {
  const lost = report.standing.atIssue === "accredited" && report.standing.now !== "accredited";
  const said = element(
    "div",
    {},
    heading,
    word === "inconclusive" ? element("p", {}, t("page.verdict.neither")) : null,
    report.verdict === "verified" && lost ? element("p", {}, t("page.verdict.no-longer")) : null,
    list(reasonsOf(report), tell),
    ADVISED.includes(word) ? element("p", {}, t(`page.advice.${word}`)) : null,
    report.credential && isBadge(word) && !holderShown(report) ? element("p", { class: "caveat" }, t("page.verdict.holder")) : null,
  );
  return element("header", { class: "verdict" }, signOf(toneOf(word)), said);
}

/** Tell whether whoever brought the badge showed its key. */
function holderShown({ findings }) {
  return findings.some((one) => one.check === "holder" && one.outcome === "passed");
}

function list(findings, tell) {
  if (findings.length === 0) return null;
  if (findings.length === 1) return element("p", {}, tell(findings[0]));
  return element("ul", {}, findings.map((one) => element("li", {}, tell(one))));
}

/** Return a finding in words: the server's, except where the page knows the day as the issuer wrote it. */
function sentence(one, { credential }, language) {
  if (one.check === "validity" && credential) {
    if (one.code === "expired") return t("page.finding.expired", { end: until(credential.validUntil) });
    if (one.code === "not-yet-valid") return t("page.finding.not-yet-valid", { start: since(credential.validFrom) });
  }
  return language === currentLanguage() ? one.text : element("span", { lang: language }, one.text);
}

// Verdict and standing are two words, always said together.
function words(report, word) {
  return panel(
    t("page.words.title"),
    facts([
      [t("page.words.badge"), element("span", { class: "strong" }, badgeWord(report, word))],
      [t("page.words.at-issue"), element("span", { class: "strong" }, standing(report, "atIssue"))],
      [t("page.words.now"), standing(report, "now")],
    ]),
  );
}

function badgeWord(report, word) {
  if (report.verdict !== "verified") return t(`page.words.${word}`);
  const noStatus = report.findings.some((one) => one.check === "status" && one.code === "no-status-offered");
  return t(noStatus ? "page.words.verified-no-status" : "page.words.verified");
}

function standing(report, when) {
  const word = known(report.standing[when], ["accredited", "registered"], "unknown");
  if (word !== "unknown") return t(`page.standing.${word}`);
  if (report.registry.number === null) return t("page.standing.no-register");
  const looked = report.findings.some((one) => one.check === "trust" && one.code === "not-in-register");
  return t(looked ? "page.standing.unknown" : "page.standing.not-determined");
}

function issuer(shown) {
  const { registered } = shown;
  const name = registered
    ? element("span", { class: "strong" }, registered.name)
    : element("span", { class: "failed strong" }, t("page.issuer.not-registered"));
  return panel(
    t(registered ? "page.issuer.provider" : "page.issuer.title"),
    facts([
      [t("page.issuer.registered"), name],
      [t("page.issuer.accredited-by"), registered ? accreditors(registered.accreditedBy) : null],
      [t("page.issuer.domain"), registered?.domain || shown.domain || t("page.issuer.no-domain")],
      [t("page.issuer.claimed"), shown.claimedName ? element("span", { class: "claimed" }, asWritten(shown.claimedName)) : null],
      [t("page.issuer.id"), shown.id ? element("code", {}, shown.id) : null],
    ]),
  );
}

function accreditors(names) {
  if (!names?.length) return t("page.issuer.no-accreditor");
  return names.map((name) => element("div", {}, asWritten(name)));
}

function achieved(credential) {
  const { achievement } = credential;
  return panel(
    t("page.achieved.title"),
    element("h3", {}, asWritten(achievement.name || credential.name) ?? t("page.achieved.unnamed")),
    achievement.description ? element("p", {}, asWritten(achievement.description)) : null,
    facts([
      [t("page.achieved.level"), levels(credential.levels)],
      [skillsLabel(credential.skills), skills(credential.skills)],
      [t("page.achieved.result"), results(credential.results)],
      [t("page.achieved.criteria"), asWritten(achievement.criteria.narrative)],
      [t("page.achieved.issued"), credential.validFrom ? day(credential.validFrom) : null],
      [t("page.achieved.expires"), credential.validUntil ? until(credential.validUntil) : t("page.achieved.no-expiry")],
      [t("page.achieved.awarded"), credential.awardedDate ? day(credential.awardedDate) : null],
    ]),
  );
}

function levels(shown) {
  if (shown.length === 0) return t("page.achieved.no-level");
  return shown.map((level) => {
    const name = said(level, level.name || level.code);
    return element("div", { class: "level" }, level.by === "result" ? t("page.achieved.level-result", { level: name }) : name);
  });
}

function skillsLabel(shown) {
  return shown.length > 1 ? t("page.achieved.skills-count", { count: shown.length }) : t("page.achieved.skills");
}

function skills(shown) {
  if (shown.length === 0) return null;
  const items = shown.map((skill) => {
    const where = [skill.frameworkName, skill.item].filter(Boolean).join(" · ");
    const name = element("span", {}, said(skill, skill.name || skill.item));
    return element("li", {}, name, where ? element("span", { class: "where" }, where) : null);
  });
  if (items.length <= MANY_SKILLS) return element("ul", { class: "skills" }, items);
  const more = element("details", {}, element("summary", {}, t("page.achieved.more", { count: items.length - MANY_SKILLS })));
  more.append(element("ul", { class: "skills" }, items.slice(MANY_SKILLS)));
  return [element("ul", { class: "skills" }, items.slice(0, MANY_SKILLS)), more];
}

function said(shown, text) {
  return shown.known ? text : t("page.achieved.claimed", { text });
}

function results(shown) {
  const lines = shown.map((one) => [one.name, one.value, one.status].filter(Boolean).join(": ")).filter(Boolean);
  return lines.length === 0 ? null : element("ul", {}, lines.map((line) => element("li", {}, line)));
}

function checks(findings, tell) {
  const lines = findings.map((one) => {
    const outcome = ABSENT.includes(one.code) ? "absent" : known(one.outcome, ["passed", "failed", "warning"], "unknown");
    return element(
      "li",
      { "data-check": one.check, "data-outcome": outcome },
      element("span", { class: outcome }, signOf(SIGN_OF_OUTCOME[outcome])),
      element(
        "div",
        {},
        element("span", { class: "name" }, t(`page.check-name.${one.check}`)),
        " ",
        element("span", { class: `outcome ${outcome}` }, t(`page.outcome.${outcome}`)),
        element("span", { class: "why" }, tell(one)),
      ),
    );
  });
  return panel(t("page.checks.title"), element("ul", { class: "checks" }, lines));
}

function notChecked({ holder }) {
  const ways = ["page.holder.ask"];
  if (holder?.key) ways.push("page.holder.key");
  if (holder?.identityHashes > 0) ways.push("page.holder.hash");
  if (holder && !holder.key && !holder.identityHashes) ways.push("page.holder.bearer");
  return panel(
    t("page.holder.title"),
    element("p", {}, element("span", { class: "strong" }, t("page.holder.separate")), " ", t("page.holder.why")),
    element("h3", {}, t("page.holder.how")),
    element("ul", {}, ways.map((key) => element("li", {}, t(key)))),
  );
}

function record(report, verifier) {
  const { credential } = report;
  return panel(
    t("page.result.record"),
    facts([
      [t("page.result.checked-at"), moment(report.checkedAt)],
      [t("page.result.register"), register(report.registry)],
      [t("page.result.by"), verifier],
      [t("page.record.where"), t(`page.record.${known(report.checkedBy, ["page"], "server")}`)],
      [t("page.result.badge-id"), credential?.id ? element("code", {}, credential.id) : null],
      [t("page.result.mechanism"), credential ? mechanism(credential.mechanism) : null],
      [t("page.result.asked"), asked(report)],
    ]),
    element("p", { class: "quiet paper" }, t("page.result.paper")),
  );
}

function register({ number, of }) {
  if (number === null) return t("page.result.no-register");
  const said = t("page.result.register-number", { number });
  return of ? [`${said} · `, outside(`${of}/registry`, of)] : said;
}

function mechanism(name) {
  return MECHANISMS.includes(name) ? t(`page.mechanism.${name}`) : name;
}

function asked(report) {
  if (report.fetched.length === 0) return t("page.result.none-asked");
  const own = new Set(report.fromThisServer ?? []);
  const lines = report.fetched.map((url) => (own.has(url) ? t("page.result.this-server", { url }) : url));
  return element("ul", {}, lines.map((line) => element("li", {}, line)));
}
