// The page of a history link and of a share: opens what somebody shows, checks every badge here, and shows it together.

import { element } from "/static/dom.js";
import { moment, switchInPlace, t } from "/static/texts.js";
import { unfoldForPrinting } from "../check/inputs";
import type { Engine } from "../engine";
import { BadgeError } from "../errors";
import { showHistory, type Shown } from "../history/view";
import {
  announce,
  at,
  blame,
  button,
  given,
  giveFragmentBack,
  onFragment,
  paragraph,
  showPart,
  takeFragment,
  textsAreThere,
  verifierAddress,
} from "../page";
import { readPresentation, type Presentation } from "../presentation";
import { byFetch, openShare } from "../share/client";
import { readShareLink, ShareError, type ShareLink } from "../share/crypto";
import { readHistoryFragment } from "../share/link";
import type { SeenBadge } from "../view/seen";

const PARTS = ["failure", "unlock", "progress", "result"];

/** What the page holds; all of it ends with the page. */
interface Held {
  /** Which opening this is: what belongs to an earlier one comes too late, and is not shown. */
  turn: number;
  share: ShareLink | null;
  /** Why nothing can be shown: a key of the catalogue. */
  failure: string | null;
  shown: Shown | null;
}

const held: Held = { turn: 0, share: null, failure: null, shown: null };

const showOnly = (...ids: string[]): void => showPart(PARTS, ids);

/* opening */

async function open(fragment: string): Promise<void> {
  const turn = begin(null);
  if (!(await textsAreThere()) || turn !== held.turn) return;
  if (fragment === "") return fail("page.history.empty");
  try {
    if (given("mode") === "history") return await show(turn, await readHistoryFragment(fragment), null, null);
    held.share = readShareLink(window.location.pathname, fragment);
  } catch (error) {
    if (turn === held.turn) fail(failureOf(error));
    return;
  }
  if (held.share.passcode) askForPasscode();
  else await unlock(null);
}

function begin(share: ShareLink | null): number {
  Object.assign(held, { share, failure: null, shown: null });
  return (held.turn += 1);
}

function askForPasscode(): void {
  showOnly("unlock");
  at("unlock-title").focus();
}

async function unlock(passcode: string | null): Promise<void> {
  const { share } = held;
  if (share === null) return;
  const turn = begin(share);
  working(t("page.history.opening"));
  try {
    const { presentation, expires } = await openShare(share, passcode, byFetch);
    if (turn !== held.turn) return;
    at<HTMLInputElement>("passcode").value = "";
    await show(turn, presentation, share.id, expires);
  } catch (error) {
    if (turn !== held.turn) return;
    const failure = failureOf(error);
    if (passcode === null) return fail(failure);
    showOnly("unlock");
    blame(at("passcode"), at("unlock-problem"), t(failure));
  }
}

function failureOf(error: unknown): string {
  if (error instanceof ShareError) {
    if (error.code === "no-share" || error.code === "passcode-too-short") return "page.history.no-share";
    return error.code === "server-unreachable" || error.code === "too-many-requests"
      ? "page.history.network"
      : "page.history.damaged";
  }
  if (error instanceof BadgeError) return "page.history.damaged";
  console.warn("could not be opened", error);
  return "page.history.network";
}

/* checking */

/** Check every badge and show them; `nonce` is the id of the share that they came from. */
async function show(turn: number, text: string, nonce: string | null, linkEnds: string | null): Promise<void> {
  if (turn !== held.turn) return;
  working(t("page.history.opening"));
  const now = new Date();
  const presentation = await readPresentation(text, { now, audience: verifierAddress(), nonce });
  const { engine } = await import("../engine");
  const verifier = await engine();
  const badges = await checkAll(verifier, presentation, (done, all) => {
    if (turn === held.turn) working(t("page.history.count", { done, all }));
  });
  if (turn !== held.turn) return;
  held.shown = {
    badges,
    presentation: text,
    presentationEnds: presentation.expires,
    share: nonce,
    linkEnds,
    engine: verifier,
    checkedAt: now,
    requirement: null,
  };
  showAll();
}

async function checkAll(
  engine: Engine,
  { badges }: Presentation,
  progress: (done: number, all: number) => void,
): Promise<SeenBadge[]> {
  const texts = badges.map(({ text }) => text);
  const reports = await engine.checkTexts(texts, (done) => progress(done, texts.length));
  return reports.map((report, index) => ({ report, ...badges[index]! }));
}

function working(words: string): void {
  showOnly("progress");
  at("progress-count").textContent = words;
  announce(words);
}

/* showing */

function showAll(): void {
  if (held.shown === null) return;
  const heading = element("h1", { tabindex: "-1" }, t("page.history.title")) as HTMLElement;
  at("result").replaceChildren(heading, paragraph("page.history.privacy", {}, "quiet"), ...ends(held.shown));
  const summary = showHistory(at("result"), held.shown, verifierAddress());
  showOnly("result");
  announce(summary);
  heading.focus();
}

function ends({ linkEnds, presentationEnds, badges }: Shown): HTMLElement[] {
  if (linkEnds !== null) return [paragraph("page.history.until", { day: moment(linkEnds) }, "quiet")];
  const over = badges.some(({ holder }) => holder === "expired");
  return over ? [paragraph("page.history.shown-until", { day: moment(presentationEnds.toISOString()) }, "note")] : [];
}

function fail(key: string): void {
  held.failure = key;
  showOnly("failure");
  const again = button("page.history.again", openAgain, "second");
  const offer = key === "page.history.network";
  const title = element("h1", {}, t("page.history.title")) as HTMLElement;
  at("failure").replaceChildren(title, paragraph(key), ...(offer ? [element("p", { class: "actions" }, again)] : []));
  at("failure").focus();
}

/** Load the page anew with its whole link: a script that failed to come is asked for only then. */
function openAgain(): void {
  giveFragmentBack();
  window.location.reload();
}

function speakAgain(): void {
  if (held.shown !== null) showAll();
  else if (held.failure !== null) fail(held.failure);
}

const fragment = takeFragment();
switchInPlace(speakAgain);
unfoldForPrinting(at("result"));
at("unlock").addEventListener("submit", (event) => {
  event.preventDefault();
  blame(at("passcode"), at("unlock-problem"), null);
  void unlock(at<HTMLInputElement>("passcode").value);
});
onFragment((fragment) => void open(fragment));
void open(fragment);
