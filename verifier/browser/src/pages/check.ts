// The check page: takes a badge in any form, checks it in this page, shows the report.

import { renderReport } from "/static/badge-report.js";
import { element } from "/static/dom.js";
import { currentLanguage, day, inThisLanguage, loadTexts, moment, since, switchInPlace, t } from "/static/texts.js";
import { listenForFiles, listenForWords, unfoldForPrinting } from "../check/inputs";
import { historyAddress, isOpaque, mediaTypeOf, pasted, saysBadge, secretIn, textOf, type Issue } from "../check/given";
import { askServer, type Problem, type ServersReport } from "../check/server";
import { openScanner } from "../check/scanner";
import type { Checked, Why } from "../engine";
import {
  announce,
  at,
  button,
  onFragment,
  paragraph,
  showPart,
  takeFragment,
  textsAreThere,
  verifierAddress,
  whenQuiet,
} from "../page";
import { spoken } from "../view/spoken";
import type { Report } from "../verify/report";

const MAX_BYTES = 8_388_608;
const PARTS = ["failure", "ask", "progress", "consent", "result"];

/** What a check came to: a report of this page or of the server (then with the language of its sentences). */
type Shown = { by: "page"; report: Report } | { by: "server"; report: ServersReport; language: string };

/** Why the server is needed, what this page can say without it, and what would be sent. */
interface Consent {
  readonly why: Why;
  readonly report: Report;
  readonly sent: Uint8Array;
}

interface Held {
  turn: number;
  bytes: Uint8Array | null;
  /** The badge's own text, once it is known; a link can be made of it. */
  text: string | null;
  shown: Shown | null;
  problem: Problem | null;
  consent: Consent | null;
  link: string | null;
}

// All of it ends with the page.
const held: Held = { turn: 0, bytes: null, text: null, shown: null, problem: null, consent: null, link: null };

/** Forget what the page held, and take something new; answers about the old come too late. */
function begin(bytes: Uint8Array | null = null): number {
  Object.assign(held, { bytes, text: null, shown: null, problem: null, consent: null, link: null });
  held.turn += 1;
  return held.turn;
}

const showOnly = (...ids: string[]): void => showPart(PARTS, ids);

async function check(bytes: Uint8Array): Promise<void> {
  const turn = begin(bytes);
  working();
  const checked = await inThisPage(bytes);
  if (!(await textsAreThere())) return showOnly("ask");
  if (turn !== held.turn) return;
  if (checked === null) return showProblem({ issue: "network" });
  const { text, link, codes, report } = checked;
  const others = text === null ? codes.filter(isForAnotherPage) : [];
  if (others.length > 0) return takeWords(others.join("\n"));
  held.text = text;
  if (checked.kind === "report") return showReport({ by: "page", report });
  // Of a picture no more than what is written in its code: there may be people in it.
  const written = text ?? link;
  askForConsent({ why: checked.why, report, sent: written === null ? bytes : new TextEncoder().encode(written) });
}

function working(): void {
  showOnly("progress");
  announce(at("progress-text").textContent ?? "");
}

/** Tell whether a QR code holds a link to several badges, or what only its owner may have: `takeWords` knows both. */
function isForAnotherPage(code: string): boolean {
  return secretIn(code) !== null || historyAddress(code, verifierAddress()) !== null;
}

/** Check in this page; null when what that needs could not be loaded. */
async function inThisPage(bytes: Uint8Array): Promise<Checked | null> {
  try {
    const { engine } = await import("../engine");
    return await (await engine()).checkBytes(bytes);
  } catch (error) {
    // Offline, say; but a fault of ours must be seen in the console.
    console.warn("the check could not be made here", error);
    return null;
  }
}

/** Load what checks badges before there is one; what fails is loaded again, and told, when it is needed. */
async function getReady(): Promise<void> {
  try {
    const { engine } = await import("../engine");
    (await engine()).getReady();
    await loadTexts();
    // Their formats are made once, and stay.
    for (const say of [day, moment, since]) say(new Date().toISOString());
  } catch {
    // Nobody waits for it yet.
  }
}

/* what only the server can check */

function askForConsent(consent: Consent): void {
  const { why, report, sent } = consent;
  held.consent = consent;
  showOnly("consent");
  const heading = element("h1", { tabindex: "-1" }, t("page.consent.title"));
  const send = button("page.consent.send", () => sendToServer(sent));
  const no = button("page.consent.no", () => declineServer(report), "second");
  at("consent").replaceChildren(
    heading,
    paragraph(`page.consent.why-${why}`),
    paragraph("page.consent.what", {}, "note"),
    element("p", { class: "actions" }, send, no),
  );
  announce(t("page.consent.title"));
  heading.focus();
}

async function sendToServer(sent: Uint8Array): Promise<void> {
  const { turn } = held;
  held.consent = null;
  working();
  const answer = await askServer(sent, mediaTypeOf(sent));
  if (turn !== held.turn) return;
  if ("problem" in answer) showProblem(answer.problem);
  else showReport({ by: "server", report: answer.report, language: answer.language });
}

function declineServer(report: Report): void {
  held.consent = null;
  showReport({ by: "page", report });
}

/* what is shown */

async function refuse(issue: Issue): Promise<void> {
  const turn = begin();
  if ((await textsAreThere()) && turn === held.turn) showProblem({ issue });
}

function showProblem(problem: Problem): void {
  held.problem = problem;
  showOnly("failure", "ask");
  announce("");
  const said =
    "issue" in problem
      ? [paragraph(`page.issue.${problem.issue}`)]
      : [element("p", { class: "strong" }, problem.title), element("p", {}, problem.detail)];
  at("failure").replaceChildren(...said);
  at("failure").focus();
}

function showReport(shown: Shown, { keepFocus = false } = {}): void {
  held.shown = shown;
  const language = shown.by === "server" ? shown.language : currentLanguage();
  const report = shown.by === "server" ? shown.report : spoken(shown.report);
  const share = element("div", {}) as HTMLElement;
  const verified = report["verdict"] === "verified";
  const after = [actions(verified, share), share];
  const view = renderReport(report, { verifier: verifierAddress(), language, saysBadge: givenSaysBadge(), after });
  at("result").replaceChildren(view.node);
  if (report["credential"]) at("result").append(element("p", { class: "actions no-print" }, againAndPrint()));
  showOnly("result");
  announce(view.summary);
  if (!keepFocus) view.heading.focus();
  if (held.link !== null) void showShare(share, held.link);
}

/** Tell whether what was given calls itself a badge; something in a picture was put there to be one. */
function givenSaysBadge(): boolean {
  const { bytes, text } = held;
  if (text !== null) return saysBadge(text);
  const mediaType = mediaTypeOf(bytes ?? new Uint8Array());
  return isOpaque(mediaType) || mediaType === "image/svg+xml" || saysBadge(textOf(bytes ?? new Uint8Array()) ?? "");
}

/** Return what can be done next; at the top, because a result is long on a phone. */
function actions(verified: boolean, share: HTMLElement): HTMLElement {
  const row = element("p", { class: "actions no-print" }, againAndPrint()) as HTMLElement;
  const { text } = held;
  if (!verified || text === null) return row;
  const make = button("page.result.make-link", () => makeLink(text, make, share), "second");
  make.hidden = held.link !== null;
  row.append(make);
  return row;
}

function againAndPrint(): HTMLElement[] {
  return [button("page.result.again", startAgain), button("page.result.print", () => window.print(), "second")];
}

async function makeLink(text: string, make: HTMLElement, share: HTMLElement): Promise<void> {
  try {
    const { badgeLink } = await import("/static/badge-link.js");
    held.link = await badgeLink(text, verifierAddress());
    await showShare(share, held.link as string);
    make.hidden = true;
    share.querySelector("h2")?.focus();
  } catch {
    share.replaceChildren(element("p", { class: "note failure", role: "alert" }, t("page.share.too-large")));
  }
}

async function showShare(share: HTMLElement, link: string): Promise<void> {
  const { sharePanel } = await import("/static/share.js");
  share.replaceChildren(sharePanel(link));
}

function startAgain(): void {
  begin();
  at<HTMLTextAreaElement>("text").value = "";
  at("result").replaceChildren();
  showOnly("ask");
  announce("");
  at("title").focus();
}

/* what people give */

async function takeFiles([file, ...others]: readonly File[]): Promise<void> {
  if (!file) return;
  if (others.length > 0) return refuse("several");
  if (file.size > MAX_BYTES) return refuse("too-large");
  showOnly("progress");
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    // It was moved or changed while we looked.
    return refuse("file-unreadable");
  }
  return take(bytes);
}

function take(bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) return refuse("file-empty");
  if (isOpaque(mediaTypeOf(bytes))) return check(bytes);
  const secret = secretIn(new TextDecoder().decode(bytes));
  if (secret) return refuse(secret);
  const text = textOf(bytes);
  return text === null ? check(bytes) : takeWords(text, bytes);
}

async function takeWords(words: string, asTheyCame: Uint8Array | null = null): Promise<void> {
  const secret = secretIn(words);
  if (secret) return refuse(secret);
  const found = pasted(words);
  if ("issue" in found) return refuse(found.issue);
  const history = historyAddress(found.text, verifierAddress());
  if (history !== null) return "issue" in history ? refuse(history.issue) : leaveFor(history.address);
  // Of a document every byte may count; around a signed text or a link, white space is nobody's.
  return check(asTheyCame && /^[[{<]/.test(found.text) ? asTheyCame : new TextEncoder().encode(found.text));
}

function leaveFor(address: string): void {
  // Who comes back finds the page as it was at first, and not one that is busy.
  startAgain();
  window.location.assign(inThisLanguage(address));
}

/* a badge link */

async function openLink(digits: string): Promise<void> {
  if (document.body.dataset["mode"] !== "link") return;
  if (digits === "") return refuse("link-empty");
  const { decodeBadge } = await import("/static/badge-link.js");
  try {
    await decodeBadge(digits);
  } catch {
    return refuse("link-damaged");
  }
  return check(new TextEncoder().encode(`${verifierAddress()}/v#${digits}`));
}

/* the language */

/** Say everything again in the other language; the sentences of a server's report stay in theirs. */
function speakAgain(): void {
  if (held.problem) showProblem(held.problem);
  else if (held.consent) askForConsent(held.consent);
  else if (held.shown) showReport(held.shown, { keepFocus: true });
}

// Everything listens before anything is waited for: what is given early is not lost.
const digits = takeFragment();
switchInPlace(speakAgain);
listenForFiles(takeFiles, () => !at("ask").hidden);
listenForWords(takeWords);
unfoldForPrinting(at("result"));
openScanner({ onText: (text) => void takeWords(text) });
onFragment((fragment) => void openLink(fragment));
void openLink(digits);
void textsAreThere();
whenQuiet(() => void getReady());
