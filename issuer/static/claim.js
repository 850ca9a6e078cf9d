// The claim page: makes a key in this browser, asks for the badge, and hands both over as files. Or it claims with a key
// of somebody's "My badges", a page of the verifier, and hands the badge over to that page, in the fragment.

import { fromBase64url, toBase64url } from "/static/badge-link.js";
import { download, element, facts, panel } from "/static/dom.js";
import { outside } from "/static/outside.js";
import { sharePanel } from "/static/share.js";
import { currentLanguage, day, hasText, loadTexts, switchInPlace, t } from "/static/texts.js";
import { bakedPng } from "./png.js";

// A token, alone or with what "My badges" asks for.
const FRAGMENT = /^([\w-]{43})(?:\.([\w-]{1,4000}))?$/;
const COORDINATE = /^[\w-]{43}$/;
const STATE = /^[\w-]{1,100}$/;
const DATABASE = "akashi-claims";
const KEYS = "holder-keys";
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const PATIENCE_MILLISECONDS = 60_000;
const DATABASE_MILLISECONDS = 3_000;
const NO_USE_TO_RETRY = ["claimed-by-another-key", "offer-expired", "unknown-offer", "signing-key-retired", "achievement-retired"];
// What only concerns the provider, in words for the learner.
const REFUSALS = {
  "not-accredited": "not-now",
  "no-signing-key": "not-now",
  "signing-key-retired": "no-more",
  "achievement-retired": "no-more",
};

const at = (id) => document.getElementById(id);

// What the page holds; all but the stored key ends with the page. `stored`: the key is in this browser's database.
// `asked`: the key, the address and the state of a "My badges" that wants the badge.
const held = {
  fragment: "",
  token: "",
  asked: null,
  digest: "",
  database: null,
  key: null,
  stored: false,
  offer: null,
  badge: null,
  handedOver: null,
  picture: null,
  saved: { badge: false, key: false },
  problem: null,
  busy: false,
};

/** What the server answered instead of what we asked for: a problem document. */
class Refusal extends Error {
  constructor({ code, title, detail, errors }) {
    super(code);
    this.problem = { code: code === "invalid-fields" ? errors?.[0]?.code : code, title, detail, language: currentLanguage() };
  }
}

/** A return address that is no "My badges" of a verifier in this issuer's settings. */
class StrangeReturn extends Error {}

/** Take the token out of the address bar, so that neither history nor a shoulder keeps it. */
function takeToken() {
  held.fragment = window.location.hash.slice(1);
  if (held.fragment !== "") window.history.replaceState(null, "", window.location.pathname + window.location.search);
  // Should the switch of languages have to reload the page, the token travels as it came: in the fragment.
  for (const link of document.querySelectorAll("a[data-language]")) link.hash = held.fragment;
  window.addEventListener("hashchange", () => {
    if (FRAGMENT.test(window.location.hash.slice(1))) window.location.reload();
  });
}

/** Return the problem with the fragment, or null once the page holds what it says. */
function readFragment() {
  const [, token, asked] = FRAGMENT.exec(held.fragment) ?? [];
  if (!token) return { key: "page.claim.no-link" };
  try {
    held.asked = asked ? readAsked(asked) : null;
  } catch (error) {
    return { key: error instanceof StrangeReturn ? "page.claim.strange-return" : "page.claim.no-link" };
  }
  held.token = token;
  return null;
}

/** Return what a "My badges" asks for; anything that is not exactly that is an error. */
function readAsked(encoded) {
  const asked = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64url(encoded)));
  const { kty, crv, x, y } = asked.key;
  const whole = kty === "EC" && crv === "P-256" && [x, y].every((one) => COORDINATE.test(one)) && STATE.test(asked.state);
  if (!whole) throw new Error("not what My badges asks for");
  if (!receivers().some((origin) => asked.return === `${origin}/badges`)) throw new StrangeReturn("an unknown address");
  return { key: { kty, crv, x, y }, return: asked.return, state: asked.state };
}

/** Return the origins of the verifiers that this issuer hands badges over to. */
function receivers() {
  return document.body.dataset.receivers.split(" ").filter(Boolean);
}

/* the key */

/** Open this browser's database, or return null where there is none (switched off, a private window) or no answer. */
function openDatabase() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), DATABASE_MILLISECONDS);
    try {
      const request = window.indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(KEYS);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

/** Do one step with the stored keys; return its result once it is on the disk. */
function withKeys(mode, step) {
  return new Promise((resolve, reject) => {
    const transaction = held.database.transaction(KEYS, mode, { durability: "strict" });
    const request = step(transaction.objectStore(KEYS));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

async function readStoredKey() {
  if (!held.database) return;
  try {
    held.key = (await withKeys("readonly", (keys) => keys.get(held.digest))) ?? null;
    held.stored = held.key !== null;
  } catch {
    held.database = null;
  }
}

/** Make sure that there is a key, and that it is on the disk before anybody hears of it. */
async function prepareKey() {
  if (held.key) return;
  // Another tab may have made it since this one was opened.
  await readStoredKey();
  if (held.key) return;
  const made = await newKey();
  if (held.database && (await store(made))) return;
  if (!held.key) {
    held.key = made;
    at("storage-note").hidden = false;
  }
}

async function newKey() {
  const pair = await window.crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const { kty, crv, x, y, d } = await window.crypto.subtle.exportKey("jwk", pair.privateKey);
  return { kty, crv, x, y, d };
}

async function store(key) {
  try {
    await withKeys("readwrite", (keys) => keys.add(key, held.digest));
    Object.assign(held, { key, stored: true });
  } catch {
    // Either another tab was faster, and its key is the one, or nothing can be written here.
    await readStoredKey();
  }
  return held.stored;
}

async function forgetStoredKey() {
  if (!held.stored) return;
  await withKeys("readwrite", (keys) => keys.delete(held.digest));
  held.stored = false;
}

async function sha256(text) {
  const digest = await window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* the server */

async function ask(path, body) {
  const answer = await fetch(`${path}?lang=${currentLanguage()}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  });
  const document = await answer.json();
  if (!answer.ok) throw new Refusal(document);
  return document;
}

async function lookUp() {
  await working("page.claim.loading", async () => {
    held.offer = await ask("/v1/claims/preview", { token: held.token });
    showOffer();
  });
}

async function claim() {
  await working("page.claim.working", async () => {
    if (held.asked) return handOver(await ask("/v1/claims", { token: held.token, publicKey: held.asked.key }));
    await prepareKey();
    const { kty, crv, x, y } = held.key;
    held.badge = await ask("/v1/claims", { token: held.token, publicKey: { kty, crv, x, y } });
    showBadge().focus();
    at("announcement").textContent = t("page.claim.done");
    return undefined;
  });
}

/** Do one piece of work at a time, say what is being done, and show what went wrong. */
async function working(key, work) {
  if (held.busy) return;
  held.busy = true;
  showProblem(null);
  showProgress(key);
  try {
    await work();
  } catch (error) {
    showProblem(error instanceof Refusal ? error.problem : { key: held.offer ? "page.claim.lost-answer" : "page.claim.unreachable" });
  } finally {
    held.busy = false;
    showProgress(null);
  }
}

/* My badges */

/** Go to "My badges" with the token; it makes a key and comes back for the badge. */
function goToMyBadges() {
  const issuer = toBase64url(new TextEncoder().encode(window.location.origin));
  window.location.assign(`${receivers()[0]}/badges?lang=${currentLanguage()}#claim.${held.token}.${issuer}`);
}

/** Go back to "My badges" with the badge. In the fragment, which no server receives. */
async function handOver({ credentials }) {
  const content = { state: held.asked.state, vcJwt: credentials["vc-jwt"], dataIntegrity: credentials["data-integrity"] };
  const packed = toBase64url(await deflate(new TextEncoder().encode(JSON.stringify(content))));
  held.handedOver = `${held.asked.return}?lang=${currentLanguage()}#received.${packed}`;
  showHandedOver().focus();
  window.location.replace(held.handedOver);
}

async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Say that the badge is on its way, with a link for a browser that does not follow by itself; return the heading. */
function showHandedOver() {
  const heading = element("h1", { tabindex: "-1" }, t("page.claim.done"));
  const way = element("a", { id: "my-badges", href: held.handedOver, rel: "noreferrer" }, t("page.claim.to-my-badges"));
  at("claim-result").replaceChildren(heading, element("p", {}, t("page.claim.handed")), element("p", {}, way));
  at("ask").hidden = true;
  at("claim-result").hidden = false;
  return heading;
}

/** Say where the badge will be kept, or offer to keep it in "My badges". */
function showKeeping(open) {
  const receiver = held.asked ? new URL(held.asked.return).host : receivers()[0] && new URL(receivers()[0]).host;
  const offered = open && !held.asked && held.key === null && Boolean(receiver);
  at("keep-button").hidden = !offered;
  at("keep-what").hidden = !offered;
  at("keep-what").textContent = t("page.claim.keep-what", { host: receiver });
  at("claim-button").classList.toggle("second", offered);
  at("handed-over").hidden = !held.asked;
  at("handed-over").textContent = t("page.claim.keep-at", { host: receiver });
  // It speaks of the key that this page would make, and of files.
  at("how").hidden = held.asked !== null;
}

/* what is shown before the badge is there */

function showProgress(key) {
  at("progress").hidden = key === null;
  at("claim-button").setAttribute("aria-disabled", String(key !== null));
  if (key === null) return;
  at("progress-text").dataset.t = key;
  at("progress-text").textContent = t(key);
  at("announcement").textContent = t(key);
}

function showProblem(problem) {
  held.problem = problem;
  at("claim-problem").hidden = problem === null;
  if (problem === null) return;
  at("announcement").textContent = "";
  if (NO_USE_TO_RETRY.includes(problem.code)) at("before").hidden = true;
  at("claim-problem").replaceChildren(...problemWords(problem));
  at("claim-problem").scrollIntoView({ block: "nearest" });
}

function problemWords(problem) {
  if (problem.key === "page.claim.unreachable") {
    const again = button("again", "page.claim.try-again", lookUp);
    return [element("p", {}, t(problem.key)), element("p", { class: "actions" }, again)];
  }
  if (problem.key) return [element("p", {}, t(problem.key))];
  const word = REFUSALS[problem.code];
  if (word) return titled(t(`page.claim.${word}-title`), t(`page.claim.${word}-detail`));
  const [title, detail] = [`problem.${problem.code}.title`, `problem.${problem.code}.detail`];
  if (hasText(title) && hasText(detail)) return titled(t(title), t(detail));
  // The server's words, in the language in which they were asked for.
  return titled(problem.title, problem.detail, problem.language);
}

function titled(title, detail, lang = null) {
  return [element("p", { class: "strong", lang }, title), element("p", { lang }, detail)];
}

function showOffer() {
  const { state, achievement, provider, expires } = held.offer;
  // Whether the key of a "My badges" is the one that claimed it, only the server can tell.
  const open = state === "open" || (state === "claimed" && (held.key !== null || held.asked !== null));
  at("before").hidden = !open;
  at("storage-note").hidden = held.database !== null || held.asked !== null;
  at("claim-button").dataset.t = buttonText(state);
  at("claim-button").textContent = t(at("claim-button").dataset.t);
  showKeeping(state === "open");
  const promised = element(
    "section",
    { class: "panel" },
    element("h2", {}, inLanguage(achievement.name)),
    facts([
      [t("page.claim.provider"), element("span", { class: "strong" }, inLanguage(provider))],
      [t("page.claim.what"), inLanguage(achievement.description)],
      [t("page.achieved.skills"), skills(achievement.skills)],
      [t("page.claim.until"), state === "open" ? day(expires) : null],
    ]),
    element("p", { class: "quiet details" }, outside(achievement.id, t("page.claim.details"))),
  );
  at("offer").replaceChildren(promised, ...(open ? [] : [closed(state, expires)]));
}

function buttonText(state) {
  if (held.asked) return "page.claim.keep-now";
  if (state === "claimed") return "page.claim.get-again";
  return receivers()[0] ? "page.claim.get-files" : "page.claim.get";
}

function closed(state, expires) {
  const why = state === "claimed" ? "claimed" : "expired";
  return element(
    "div",
    { class: "note", id: "offer-closed" },
    element("p", { class: "strong" }, t(`page.claim.${why}-title`)),
    element("p", {}, t(`page.claim.${why}-detail`, { day: day(expires) })),
  );
}

function skills(all) {
  if (all.length === 0) return null;
  return element("ul", { class: "skills" }, all.map((skill) => element("li", {}, outside(skill.url, inLanguage(skill.name)))));
}

/** Return words in this language, or the Japanese ones, which then say so. */
function inLanguage(words) {
  if (words[currentLanguage()]) return words[currentLanguage()];
  return element("span", { lang: "ja" }, words.ja);
}

/* the badge */

/** Show the badge and everything to keep; return the heading. */
function showBadge() {
  const heading = element("h1", { tabindex: "-1" }, t("page.claim.done"));
  const share = sharePanel(held.badge.link);
  share.querySelector("textarea").id = "badge-link";
  const parts = [heading, element("p", {}, t("page.claim.save")), badgePanel(), filesPanel(), keyPanel(), share, removePanel()];
  at("claim-result").replaceChildren(...parts);
  at("ask").hidden = true;
  at("claim-result").hidden = false;
  return heading;
}

function badgePanel() {
  const { achievement, provider } = held.offer;
  held.picture ??= URL.createObjectURL(new Blob([held.badge.pictures.svg], { type: "image/svg+xml" }));
  return element(
    "section",
    { class: "panel centre" },
    element("img", { id: "badge-picture", class: "baked", src: held.picture, alt: t("page.claim.picture") }),
    element("h2", { id: "badge-name" }, inLanguage(achievement.name)),
    element("p", { id: "badge-provider" }, `${t("page.claim.provider")}: `, inLanguage(provider)),
  );
}

function filesPanel() {
  const { credentials, pictures } = held.badge;
  const files = [
    ["png", "image/png", png],
    ["svg", "image/svg+xml", () => pictures.svg],
    ["json", "application/json", () => credentials["data-integrity"]],
    ["jwt", "application/vc+jwt", () => credentials["vc-jwt"]],
  ];
  const said = element("p", { class: "quiet", role: "status", id: "files-state" });
  const items = files.map(([kind, mediaType, content], index) => {
    const save = button(`download-${kind}`, `page.claim.${kind}`, async () => {
      download(fileName(`.${kind}`), await content(), mediaType);
      held.saved.badge = true;
      said.textContent = t("page.claim.saving", { file: fileName(`.${kind}`) });
    });
    if (index > 0) save.classList.add("second");
    return element("li", {}, save, element("span", { class: "quiet" }, t(`page.claim.${kind}-what`)));
  });
  const warning = element("p", { class: "note" }, t("page.claim.messengers"));
  return panel(t("page.claim.files"), element("ul", { class: "files" }, items), said, warning);
}

/** Return the picture with its words as this browser draws it, or the server's, which is the seal alone. */
async function png() {
  const { credentials, pictures } = held.badge;
  try {
    return await bakedPng(held.picture, credentials["data-integrity"]);
  } catch {
    return Uint8Array.from(atob(pictures.png), (character) => character.charCodeAt(0));
  }
}

function keyPanel() {
  const said = element("p", { class: "quiet", role: "status", id: "key-said" });
  const save = button("download-key", "page.claim.key-save", () => {
    const file = fileName("-private-key.json");
    download(file, `${JSON.stringify(held.key, null, 2)}\n`, "application/json");
    held.saved.key = true;
    said.textContent = t("page.claim.saving", { file });
  });
  return panel(
    t("page.claim.key-title"),
    element("p", {}, t("page.claim.key-why")),
    element("p", { class: "actions" }, save),
    said,
    // Saved or not, it stays: without it the same link shows the badge to nobody any more.
    element("p", { id: "key-state" }, t(held.stored ? "page.claim.key-stays" : "page.claim.key-memory")),
  );
}

/** Return a file's name: of the same badge they begin alike, and nobody's name is in them. */
function fileName(ending) {
  return `badge-${held.badge.id.replace("urn:uuid:", "").slice(0, 8)}${ending}`;
}

function removePanel() {
  const remove = button("remove", "page.claim.remove", () => {
    const unsaved = ["badge", "key"].filter((thing) => !held.saved[thing]);
    if (unsaved.length === 0) removeAll();
    else sayAboutRemoving(...removeQuestion(unsaved));
  });
  remove.classList.add("second");
  return panel(t("page.claim.remove"), element("p", {}, t("page.claim.remove-what")), element("p", { class: "actions" }, remove));
}

function removeQuestion(unsaved) {
  const no = button("remove-no", "page.claim.remove-no", () => {
    at("remove-ask").remove();
    at("remove").focus();
  });
  const yes = button("remove-yes", "page.claim.remove-yes", removeAll);
  yes.classList.add("second");
  return [
    element("p", { class: "strong" }, t("page.claim.unsaved")),
    element("ul", {}, unsaved.map((thing) => element("li", {}, t(`page.claim.unsaved-${thing}`)))),
    element("p", { class: "actions" }, no, yes),
  ];
}

function sayAboutRemoving(...words) {
  at("remove-ask")?.remove();
  const said = element("div", { id: "remove-ask", class: "note failure", role: "group", tabindex: "-1" }, words);
  at("remove").closest("section").append(said);
  said.focus();
}

async function removeAll() {
  try {
    await forgetStoredKey();
  } catch {
    sayAboutRemoving(element("p", {}, t("page.claim.not-removed")));
    return;
  }
  URL.revokeObjectURL(held.picture);
  for (const link of document.querySelectorAll("a[data-language]")) link.hash = "";
  Object.assign(held, { token: "", key: null, offer: null, badge: null, picture: null });
  showRemoved().focus();
}

function showRemoved() {
  const heading = element("h1", { tabindex: "-1" }, t("page.claim.removed-title"));
  at("claim-result").replaceChildren(heading, element("p", {}, t("page.claim.removed")));
  return heading;
}

/* small parts */

function button(id, key, onClick) {
  const made = element("button", { type: "button", id }, t(key));
  made.addEventListener("click", onClick);
  return made;
}

/* the page */

/** Say everything again in the other language. */
function speakAgain() {
  if (held.badge) showBadge();
  else if (held.handedOver) showHandedOver();
  else if (held.offer) showOffer();
  else if (!at("claim-result").hidden) showRemoved();
  if (held.problem) showProblem(held.problem);
}

function warnBeforeLoss(event) {
  if (held.badge && !held.stored && !(held.saved.badge && held.saved.key)) event.preventDefault();
}

async function start() {
  takeToken();
  await loadTexts();
  switchInPlace(speakAgain);
  window.addEventListener("beforeunload", warnBeforeLoss);
  at("claim-button").addEventListener("click", claim);
  at("keep-button").addEventListener("click", goToMyBadges);
  const problem = readFragment();
  if (problem) return showProblem(problem);
  if (!window.crypto?.subtle) return showProblem({ key: "page.claim.no-crypto" });
  showProgress("page.claim.loading");
  held.digest = await sha256(held.token);
  if (!held.asked) {
    held.database = await openDatabase();
    await readStoredKey();
  }
  return lookUp();
}

start().catch(() => {
  // Without the texts there are only the words that came with the page.
  at("unreachable").hidden = false;
});
