// The check page: takes a badge in any form, sends it to this server, shows the report.

import { badgeText } from "/static/baked.js";
import { renderReport } from "/static/badge-report.js";
import { badgeLink, decodeBadge } from "/static/badge-link.js";
import { element } from "/static/dom.js";
import { sharePanel } from "/static/share.js";
import { currentLanguage, loadTexts, switchInPlace, t } from "/static/texts.js";

const MAX_BYTES = 8_388_608;
const PATIENCE_MILLISECONDS = 60_000;
const ISSUES = ["too-large", "time", "network", "link-damaged", "link-empty", "text-empty", "file-empty"];

const at = (id) => document.getElementById(id);
const verifier = document.body.dataset.verifier || window.location.origin;

// What the page holds: the badge as it came, the badge of the link, the last report. All of it ends with the page.
const held = { bytes: null, mediaType: "", linkBadge: null, report: null, problem: null, link: null };

/** Return the media type by the first bytes: the name of a file and its type are only claims. */
function mediaTypeOf(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("\x89PNG")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return "image/webp";
  const text = start.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (text.startsWith("<")) return "image/svg+xml";
  if (text.startsWith("{") || text.startsWith("[")) return "application/json";
  return /^[\x20-\x7e\s]+$/.test(start) ? "text/plain" : "application/octet-stream";
}

async function check(bytes, mediaType) {
  Object.assign(held, { bytes, mediaType, report: null, problem: null, link: null });
  if (bytes.length > MAX_BYTES) return showProblem({ issue: "too-large" });
  showOnly("progress");
  at("announcement").textContent = t("page.check.checking");
  try {
    const answer = await ask(bytes, mediaType);
    const document = await answer.json();
    if (answer.ok) return showReport(document);
    return showProblem({ title: document.title, detail: document.detail });
  } catch (error) {
    return showProblem({ issue: error.name === "TimeoutError" ? "time" : "network" });
  }
}

function ask(bytes, mediaType) {
  return fetch(`/v1/verify?lang=${currentLanguage()}`, {
    method: "POST",
    headers: { "Content-Type": mediaType, Accept: "application/json" },
    body: bytes,
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  });
}

function showOnly(...ids) {
  for (const id of ["ask", "progress", "failure", "result"]) at(id).hidden = !ids.includes(id);
}

function showProblem(problem) {
  held.problem = problem;
  showOnly("ask", "failure");
  at("announcement").textContent = "";
  const said = problem.issue
    ? [element("p", {}, t(`page.issue.${ISSUES.includes(problem.issue) ? problem.issue : "network"}`))]
    : [element("p", { class: "strong" }, problem.title), element("p", {}, problem.detail)];
  at("failure").replaceChildren(...said);
}

function showReport(report, { keepFocus = false } = {}) {
  held.report = report;
  const view = renderReport(report, { verifier });
  const share = element("div", {});
  at("result").replaceChildren(view.node, share, actions(share));
  showOnly("result");
  at("announcement").textContent = view.summary;
  if (!keepFocus) view.heading.focus();
  if (held.link) showShare(share);
}

function actions(share) {
  const again = button("page.result.again", startAgain);
  const print = button("page.result.print", () => window.print(), "second");
  const row = element("p", { class: "actions no-print" }, again, print);
  if (held.report.verdict === "verified") {
    offerLink(row, share);
  }
  return row;
}

async function offerLink(row, share) {
  const text = held.linkBadge ?? (await badgeText(held.bytes)) ?? (await fromPastedLink());
  if (text === null) return;
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
  Object.assign(held, { bytes: null, mediaType: "", linkBadge: null, report: null, problem: null, link: null });
  at("text").value = "";
  at("link-ask").hidden = true;
  at("forms").hidden = false;
  at("result").replaceChildren();
  showOnly("ask");
  at("announcement").textContent = "";
  at("title").focus();
}

async function checkFile(file) {
  if (!file) return;
  if (file.size > MAX_BYTES) {
    showProblem({ issue: "too-large" });
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length === 0) {
    showProblem({ issue: "file-empty" });
    return;
  }
  held.linkBadge = null;
  await check(bytes, mediaTypeOf(bytes));
}

function takeFiles() {
  for (const id of ["file", "camera"]) {
    at(id).addEventListener("change", () => {
      const file = at(id).files[0];
      checkFile(file).finally(() => {
        // So that the same file can be chosen again.
        at(id).value = "";
      });
    });
  }
  takeDrops();
  document.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file || at("ask").hidden) return;
    event.preventDefault();
    checkFile(file);
  });
}

function takeDrops() {
  const mark = (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", event.type === "dragover");
  };
  // On the whole page: a file that misses the box must not make the browser leave for it.
  document.addEventListener("dragover", mark);
  document.addEventListener("dragleave", mark);
  document.addEventListener("drop", (event) => {
    mark(event);
    checkFile(event.dataTransfer?.files[0]);
  });
}

function takeText() {
  at("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("text").value.trim();
    if (text === "") {
      showProblem({ issue: "text-empty" });
      at("text").focus();
      return;
    }
    held.linkBadge = null;
    const bytes = new TextEncoder().encode(text);
    check(bytes, mediaTypeOf(bytes));
  });
}

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
  try {
    held.linkBadge = await decodeBadge(digits);
  } catch {
    showProblem({ issue: "link-damaged" });
    return;
  }
  at("forms").hidden = true;
  at("link-ask").hidden = false;
  at("link-text").value = held.linkBadge;
  showLinkSize();
  at("link-check").focus();
}

function showLinkSize() {
  if (held.linkBadge === null) return;
  const key = held.linkBadge.startsWith("{") ? "page.link.json" : "page.link.jwt";
  at("link-size").textContent = t(key, { size: held.linkBadge.length.toLocaleString(currentLanguage()) });
}

function takeLink(digits) {
  at("link-check").addEventListener("click", () => {
    const bytes = new TextEncoder().encode(held.linkBadge);
    check(bytes, held.linkBadge.startsWith("{") ? "application/json" : "text/plain");
  });
  window.addEventListener("hashchange", () => openLink(takeFragment()));
  if (digits === null && document.body.dataset.mode === "link") showProblem({ issue: "link-empty" });
  return openLink(digits);
}

/** Say everything again in the other language; the texts of a report come from the server. */
async function speakAgain() {
  showLinkSize();
  if (held.problem?.issue) showProblem(held.problem);
  if (held.problem && !held.problem.issue) await check(held.bytes, held.mediaType);
  if (held.report) await askAgain();
}

async function askAgain() {
  try {
    const answer = await ask(held.bytes, held.mediaType);
    if (!answer.ok) throw new Error("refused");
    showReport(await answer.json(), { keepFocus: true });
  } catch {
    // The verdict stands; only its sentences stay in the language in which they were given.
    showReport(held.report, { keepFocus: true });
  }
}

const digits = takeFragment();
await loadTexts();
switchInPlace(speakAgain);
takeFiles();
takeText();
await takeLink(digits);
