// The check page: takes a badge in any form, sends it to this server, shows the report.

import { badgeText, isTheOneShown } from "/static/baked.js";
import { renderReport } from "/static/badge-report.js";
import { badgeLink, decodeBadge } from "/static/badge-link.js";
import { element } from "/static/dom.js";
import { sharePanel } from "/static/share.js";
import { currentLanguage, loadTexts, switchInPlace, t } from "/static/texts.js";
import { isPicture, mediaTypeOf, pasted, saysBadge, secretIn, textOf } from "./given.js";

const MAX_BYTES = 8_388_608;
const PATIENCE_MILLISECONDS = 60_000;
const ISSUES = [
  "too-large",
  "time",
  "network",
  "link-damaged",
  "link-empty",
  "text-empty",
  "file-empty",
  "file-unreadable",
  "several",
  "key-file",
  "claim-link",
];
const PARTS = ["no-texts", "failure", "ask", "progress", "result"];
const NOTHING = { bytes: null, mediaType: "", badge: null, report: null, language: "", problem: null, link: null };

const at = (id) => document.getElementById(id);
const verifier = document.body.dataset.verifier || window.location.origin;

// What the page holds: the badge as it came, that of a link as text, the last report. All of it ends with the page.
const held = { ...NOTHING, turn: 0 };
let linkBadge = null;

/** Forget what the page held, and take something new; answers about the old come too late. */
function begin(given = {}) {
  Object.assign(held, NOTHING, given);
  held.turn += 1;
  return held.turn;
}

async function check(given) {
  const turn = begin(given);
  showOnly("progress");
  at("announcement").textContent = at("progress-text").textContent;
  const answer = await ask();
  if (!(await textsAreThere()) || turn !== held.turn) return;
  if (answer.problem) showProblem(answer.problem);
  else showReport(answer.report, answer);
  // Somebody switched while we waited.
  if (answer.language !== currentLanguage()) await speakAgain();
}

/** Return the server's `{report}` or the `{problem}`, and the language in which it was asked. */
async function ask() {
  const language = currentLanguage();
  try {
    const answer = await fetch(`/v1/verify?lang=${language}`, {
      method: "POST",
      headers: { "Content-Type": held.mediaType, Accept: "application/json" },
      body: held.bytes,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    const said = await answer.json();
    return answer.ok ? { language, report: said } : { language, problem: { title: said.title, detail: said.detail } };
  } catch (error) {
    return { language, problem: { issue: error.name === "TimeoutError" ? "time" : "network" } };
  }
}

/** Wait for the texts; without them the page has only the words that it came with. */
async function textsAreThere() {
  try {
    await loadTexts();
    return true;
  } catch {
    showOnly("no-texts", "ask");
    at("no-texts").focus();
    return false;
  }
}

function showOnly(...ids) {
  for (const id of PARTS) at(id).hidden = !ids.includes(id);
}

async function refuse(issue) {
  const turn = begin();
  if ((await textsAreThere()) && turn === held.turn) showProblem({ issue });
}

function showProblem(problem) {
  held.problem = problem;
  showOnly("failure", "ask");
  at("announcement").textContent = "";
  const said = problem.issue
    ? [element("p", {}, t(`page.issue.${ISSUES.includes(problem.issue) ? problem.issue : "network"}`))]
    : [element("p", { class: "strong" }, problem.title), element("p", {}, problem.detail)];
  at("failure").replaceChildren(...said);
  at("failure").focus();
}

function showReport(report, { language, keepFocus = false }) {
  Object.assign(held, { report, language });
  const share = element("div", {});
  const after = [actions(share), share];
  const view = renderReport(report, { verifier, language, saysBadge: givenSaysBadge(), after });
  at("result").replaceChildren(view.node);
  if (report.credential) at("result").append(element("p", { class: "actions no-print" }, againAndPrint()));
  showOnly("result");
  at("announcement").textContent = view.summary;
  if (!keepFocus) view.heading.focus();
  if (held.link) showShare(share);
}

/** Tell whether what was given calls itself a badge; something in a picture was put there to be one. */
function givenSaysBadge() {
  if (isPicture(held.mediaType) || held.mediaType === "image/svg+xml") return true;
  return saysBadge(held.badge ?? textOf(held.bytes) ?? "");
}

/** Return what can be done next; at the top, because a result is long on a phone. */
function actions(share) {
  const row = element("p", { class: "actions no-print" }, againAndPrint());
  if (held.report.verdict === "verified") offerLink(row, share);
  return row;
}

function againAndPrint() {
  const again = button("page.result.again", startAgain);
  const print = button("page.result.print", () => window.print(), "second");
  return [again, print];
}

async function offerLink(row, share) {
  const { credential } = held.report;
  const text = held.badge ?? (await badgeText(held.bytes)) ?? (await fromPastedLink());
  if (text === null || !isTheOneShown(text, credential)) return;
  const make = button("page.result.make-link", async () => {
    try {
      held.link = await badgeLink(text, verifier);
      showShare(share);
      make.hidden = true;
      share.querySelector("h2").focus();
    } catch {
      share.replaceChildren(element("p", { class: "note failure", role: "alert" }, t("page.share.too-large")));
    }
  });
  make.classList.add("second");
  make.hidden = held.link !== null;
  row.append(make);
}

/** Return the badge of a pasted badge link, or null when it was none. */
async function fromPastedLink() {
  const digits = /\/v#([0-9]+)$/.exec(new TextDecoder().decode(held.bytes.subarray(0, 40_000)));
  try {
    return digits && (await decodeBadge(digits[1]));
  } catch {
    return null;
  }
}

function showShare(share) {
  share.replaceChildren(sharePanel(held.link));
}

function button(key, onClick, className = null) {
  const made = element("button", { type: "button", class: className }, t(key));
  made.addEventListener("click", onClick);
  return made;
}

function startAgain() {
  begin();
  linkBadge = null;
  at("text").value = "";
  showLinkPart(false);
  at("result").replaceChildren();
  showOnly("ask");
  at("announcement").textContent = "";
  at("title").focus();
}

/* what people give */

async function takeFile(file) {
  if (!file) return;
  if (file.size > MAX_BYTES) {
    await refuse("too-large");
    return;
  }
  showOnly("progress");
  try {
    await take(new Uint8Array(await file.arrayBuffer()));
  } catch {
    // It was moved or changed while we looked.
    await refuse("file-unreadable");
  }
}

function take(bytes) {
  if (bytes.length === 0) return refuse("file-empty");
  const mediaType = mediaTypeOf(bytes);
  if (isPicture(mediaType)) return check({ bytes, mediaType });
  const secret = secretIn(new TextDecoder().decode(bytes));
  if (secret) return refuse(secret);
  const text = textOf(bytes);
  return text === null ? check({ bytes, mediaType }) : takeWords(text, bytes);
}

function takeWords(words, asTheyCame = null) {
  const secret = secretIn(words);
  if (secret) return refuse(secret);
  const { text, issue } = pasted(words);
  if (issue) return refuse(issue);
  // Of a document every byte may count; around a signed text or a link, white space is nobody's.
  const bytes = asTheyCame && /^[[{<]/.test(text) ? asTheyCame : new TextEncoder().encode(text);
  return check({ bytes, mediaType: mediaTypeOf(bytes) });
}

function listenForFiles() {
  for (const id of ["file", "camera"]) {
    const input = at(id);
    input.addEventListener("change", () => takeChosen(input));
    // Chosen while this script was still on its way.
    takeChosen(input);
  }
  document.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file || at("ask").hidden) return;
    event.preventDefault();
    takeFile(file);
  });
}

function takeChosen(input) {
  takeFile(input.files[0]).finally(() => {
    // So that the same file can be chosen again.
    input.value = "";
  });
}

function listenForDrops() {
  const mark = (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", event.type === "dragover");
  };
  // On the whole page: a file that misses the box must not make the browser leave for it.
  document.addEventListener("dragover", mark);
  document.addEventListener("dragleave", mark);
  document.addEventListener("drop", (event) => {
    mark(event);
    takeFile(event.dataTransfer?.files[0]);
  });
}

function listenForWords() {
  at("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    takeWords(at("text").value);
  });
}

/* a badge link */

/** Take the badge out of the address bar, so that neither history nor a shoulder keeps it. */
function takeFragment() {
  const digits = window.location.hash.slice(1);
  if (digits === "" || document.body.dataset.mode !== "link") return null;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return digits;
}

async function openLink(digits) {
  if (digits === null) return;
  startAgain();
  const { turn } = held;
  try {
    const badge = await decodeBadge(digits);
    if (turn !== held.turn) return;
    linkBadge = badge;
  } catch {
    await refuse("link-damaged");
    return;
  }
  at("link-text").value = linkBadge;
  showLinkPart(true);
  at("link-title").focus();
  await showLinkSize();
}

function showLinkPart(shown) {
  at("link-ask").hidden = !shown;
  at("intro").hidden = shown;
  at("forms").hidden = shown;
}

async function showLinkSize() {
  if (linkBadge === null || !(await textsAreThere())) return;
  const key = linkBadge.startsWith("{") ? "page.link.json" : "page.link.jwt";
  at("link-size").textContent = t(key, { size: linkBadge.length.toLocaleString(currentLanguage()) });
}

function listenForLinks(digits) {
  at("link-check").addEventListener("click", () => {
    const bytes = new TextEncoder().encode(linkBadge);
    check({ bytes, mediaType: linkBadge.startsWith("{") ? "application/json" : "text/plain", badge: linkBadge });
  });
  window.addEventListener("hashchange", () => openLink(takeFragment()));
  if (digits === null && document.body.dataset.mode === "link") refuse("link-empty");
  else openLink(digits);
}

/* the language */

/** Say everything again in the other language; the sentences of a report come from the server. */
async function speakAgain() {
  showLinkSize();
  if (held.problem?.issue) showProblem(held.problem);
  if (held.problem && !held.problem.issue) await check({ bytes: held.bytes, mediaType: held.mediaType, badge: held.badge });
  if (held.report) await askAgain();
}

async function askAgain() {
  const { turn, report, language } = held;
  // At once in what the page can say itself; should the server be silent, the verdict stands as it is.
  showReport(report, { language, keepFocus: true });
  const answer = await ask();
  if (answer.report && turn === held.turn) showReport(answer.report, { ...answer, keepFocus: true });
}

/** On paper nothing is folded away. */
function listenForPrinting() {
  const folded = () => at("result").querySelectorAll("details");
  window.addEventListener("beforeprint", () => {
    for (const one of folded()) {
      one.dataset.opened = String(one.open);
      one.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const one of folded()) one.open = one.dataset.opened === "true";
  });
}

// Everything listens before anything is waited for: what is given early is not lost.
const digits = takeFragment();
switchInPlace(speakAgain);
listenForFiles();
listenForDrops();
listenForWords();
listenForLinks(digits);
listenForPrinting();
textsAreThere();
