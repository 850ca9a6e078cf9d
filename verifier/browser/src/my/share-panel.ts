// Showing badges to somebody: choose, make one link for them, and take it back.

import { element } from "/static/dom.js";
import { sharePanel } from "/static/share.js";
import { amount, day, moment, t } from "/static/texts.js";
import { BadgeError } from "../errors";
import { announce, blame, button, paragraph } from "../page";
import { present } from "../presentation";
import { byFetch, makeShare, revokeShare, shareState } from "../share/client";
import { MIN_PASSCODE, newManagingToken, ShareError, shareId } from "../share/crypto";
import { historyLink } from "../share/link";
import { language, listed } from "../view/spoken";
import { allShares, keepShare, removeShare, shortestText } from "../wallet/badges";
import type { KeptShare } from "../wallet/database";
import { signingKeys } from "../wallet/keys";
import { titleOf } from "./card";
import type { Mine, My } from "./mine";

const DAYS = [1, 7, 14, 30, 90] as const;
const USUAL_DAYS = 14;
const MILLISECONDS_A_DAY = 86_400_000;
const FAILURES: Readonly<Record<string, string>> = {
  "passcode-too-short": "page.my.share-passcode-short",
  "too-many-requests": "page.my.share-refused",
  "server-refused": "page.my.share-refused",
  "server-unreachable": "page.my.share-failed",
  "too-large": "page.my.share-too-large",
  "too-many-badges": "page.my.share-too-large",
};

/** What somebody asks for: which badges, for how long, and whether the server keeps them, under which passcode. */
interface Wish {
  readonly chosen: readonly Mine[];
  readonly short: boolean;
  readonly days: number;
  readonly passcode: string | null;
}

/** Return the section in which badges are chosen and shown, with the links that were made before. */
export function shareSection(my: My, mine: readonly Mine[]): HTMLElement {
  const result = element("div", { id: "share-result" }) as HTMLElement;
  const shares = element("div", { id: "shares" }) as HTMLElement;
  void listShares(my, shares);
  return element(
    "section",
    { class: "panel", id: "share", "aria-labelledby": "share-title" },
    element("h2", { id: "share-title" }, t("page.my.share")),
    paragraph("page.my.share-what"),
    shareForm(my, mine, result, shares),
    result,
    element("h3", {}, t("page.my.shares")),
    shares,
  ) as HTMLElement;
}

/* the form */

function shareForm(my: My, mine: readonly Mine[], result: HTMLElement, shares: HTMLElement): HTMLElement {
  const form = element(
    "form",
    { id: "share-form" },
    choices(mine),
    ways(),
    daysField(),
    passcodeField(),
    element(
      "p",
      { class: "actions" },
      element("button", { type: "submit", id: "share-make" }, t("page.my.share-make")),
    ),
    element("p", { role: "alert", class: "failed", id: "share-problem" }),
  ) as HTMLFormElement;
  const problem = form.querySelector("#share-problem") as HTMLElement;
  const sync = (): void => {
    (form.querySelector("#share-passcode-part") as HTMLElement).hidden = !wishOf(form, mine).short;
  };
  form.addEventListener("change", sync);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const field of ["input[name=badge]", "#share-passcode"]) blame(fieldAt(form, field), problem, null);
    void make(my, wishOf(form, mine), result).then(
      () => listShares(my, shares),
      (error: unknown) => {
        result.replaceChildren();
        const field = fieldOf(error);
        if (field === null) problem.textContent = t(failureOf(error));
        else blame(fieldAt(form, field), problem, t(failureOf(error)));
      },
    );
  });
  sync();
  return form;
}

function fieldAt(form: HTMLElement, selector: string): HTMLElement {
  return form.querySelector(selector) as HTMLElement;
}

/** Return the field to change after a failure; null where it is none's. */
function fieldOf(error: unknown): string | null {
  const code = error instanceof ShareError || error instanceof BadgeError ? error.code : "";
  if (code === "passcode-too-short") return "#share-passcode";
  return ["none-chosen", "too-large", "too-many-badges"].includes(code) ? "input[name=badge]" : null;
}

function choices(mine: readonly Mine[]): HTMLElement {
  const boxes = mine.map((one, index) => {
    const id = `share-badge-${index}`;
    const described = { "aria-describedby": `${id}-what` };
    const box = element("input", { type: "checkbox", id, name: "badge", value: index, ...described });
    const what = element("span", { class: "quiet block", id: `${id}-what` }, sourceOf(one));
    return element("li", {}, box, " ", element("label", { for: id }, titleOf(one)), what);
  });
  return element(
    "fieldset",
    { "aria-describedby": "share-problem" },
    element("legend", {}, t("page.my.share-choose")),
    element("ul", { class: "plain" }, boxes),
  ) as HTMLElement;
}

/** Return who issued a badge and when, as two may be called the same, and whether it can be shown as one's own. */
function sourceOf({ report, key }: Mine): string {
  const shown = report.credential?.(language());
  if (!shown) return "";
  const { issuer, validFrom } = shown;
  const proof = key === "here" ? "" : t("page.my.share-choice-unproven");
  return listed(
    [issuer.registered?.name ?? issuer.domain ?? "", validFrom ? day(validFrom) : "", proof].filter(Boolean),
  );
}

function ways(): HTMLElement {
  const way = (value: string, key: string, checked: boolean): HTMLElement => {
    const id = `share-${value}`;
    const box = element("input", { type: "radio", id, name: "way", value, "aria-describedby": `${id}-what` });
    (box as HTMLInputElement).checked = checked;
    const what = element("span", { class: "quiet block", id: `${id}-what` }, t(`${key}-what`));
    return element("div", {}, box, " ", element("label", { for: id }, t(key)), what) as HTMLElement;
  };
  return element(
    "fieldset",
    {},
    element("legend", {}, t("page.my.share-how")),
    way("link", "page.my.share-all-in-link", true),
    way("short", "page.my.share-short", false),
  ) as HTMLElement;
}

function daysField(): HTMLElement {
  const options = DAYS.map((days) =>
    element("option", { value: days }, t("page.my.share-days-count", { days: amount(days, "day") })),
  );
  const select = element("select", { id: "share-days", "aria-describedby": "share-days-what" }, options);
  (select as HTMLSelectElement).value = String(USUAL_DAYS);
  const label = element("label", { class: "field", for: "share-days" }, t("page.my.share-days"));
  const what = element("p", { class: "quiet", id: "share-days-what" }, t("page.my.share-days-what"));
  return element("div", {}, label, select, what) as HTMLElement;
}

function passcodeField(): HTMLElement {
  const described = {
    id: "share-passcode",
    autocomplete: "off",
    "aria-describedby": "share-passcode-what share-problem",
  };
  const input = element("input", { type: "text", autocapitalize: "off", spellcheck: "false", ...described });
  const label = element("label", { class: "field", for: "share-passcode" }, t("page.my.share-passcode"));
  const what = element("p", { class: "quiet", id: "share-passcode-what" }, t("page.my.share-passcode-what"));
  return element("div", { id: "share-passcode-part" }, label, input, what) as HTMLElement;
}

function wishOf(form: HTMLFormElement, mine: readonly Mine[]): Wish {
  const boxes = [...form.querySelectorAll<HTMLInputElement>("input[name=badge]:checked")];
  const chosen = boxes.flatMap((box) => mine[Number(box.value)] ?? []);
  const short = (form.querySelector("#share-short") as HTMLInputElement).checked;
  const typed = (form.querySelector("#share-passcode") as HTMLInputElement).value.trim();
  const days = Number((form.querySelector("#share-days") as HTMLSelectElement).value);
  return { chosen, short, days, passcode: short && typed !== "" ? typed : null };
}

/* making */

async function make(my: My, wish: Wish, result: HTMLElement): Promise<void> {
  if (wish.chosen.length === 0) throw new ShareError("none-chosen");
  // Before the key is stretched, which takes a while.
  if (wish.passcode !== null && [...wish.passcode].length < MIN_PASSCODE) throw new ShareError("passcode-too-short");
  result.replaceChildren(paragraph("page.my.share-making", {}, "quiet"));
  announce(t("page.my.share-making"));
  const { link, expires } = await linkOf(my, wish);
  const shown = sharePanel(link, wordsOf(wish)) as HTMLElement;
  const unproven = wish.chosen.filter((one) => one.key !== "here").length;
  const title = shown.querySelector("h2") as HTMLElement;
  // Below the heading that has the focus: whoever listens hears on from there.
  title.after(
    paragraph(madeOf(wish, unproven), { day: moment(expires) }, "note"),
    ...(wish.passcode === null ? [] : [paragraph("page.my.share-with-passcode", {}, "note")]),
    ...(unproven === 0 ? [] : [paragraph("page.my.share-unproven", { count: unproven }, "note")]),
  );
  result.replaceChildren(shown);
  announce("");
  title.focus();
}

/** Return what is said of a link first: one that holds everything ends with its proof, if it has one. */
function madeOf({ short, chosen }: Wish, unproven: number): string {
  if (short) return "page.my.share-made-what";
  return unproven < chosen.length ? "page.my.share-made-open" : "page.my.share-made-unproven";
}

/** Return what the panel says: only a link that holds everything is kept nowhere. */
function wordsOf({ short }: Wish): { title: string; what: string; noQr: string } {
  const what = short ? "page.my.share-panel-short" : "page.my.share-panel-link";
  return { title: "page.my.share-panel", what, noQr: "page.my.share-panel-no-qr" };
}

/** Return the link, and until when it or its proof counts; a share is in the wallet before anybody sees its link. */
async function linkOf(my: My, { chosen, short, days, passcode }: Wish): Promise<{ link: string; expires: string }> {
  const now = my.now();
  const expires = new Date(now.getTime() + days * MILLISECONDS_A_DAY);
  const manage = short ? newManagingToken() : null;
  const nonce = manage === null ? null : await shareId(manage);
  const keys = await signingKeys(
    my.wallet,
    chosen.flatMap(({ badge }) => badge.key ?? []),
  );
  const texts = chosen.map(({ badge }) => shortestText(badge));
  const presentation = await present(texts, keys, { nonce, audience: my.verifier, expires, now });
  if (manage === null) return { link: await historyLink(presentation, my.verifier), expires: expires.toISOString() };
  const made = await makeShare({ manage, presentation, days, passcode, verifier: my.verifier }, byFetch);
  await keepShare(my.wallet, { ...made, badges: chosen.map(({ badge }) => badge.id), created: now.toISOString() });
  return made;
}

function failureOf(error: unknown): string {
  const code = error instanceof ShareError || error instanceof BadgeError ? error.code : "";
  if (code === "none-chosen") return "page.my.share-none";
  if (code === "") console.error(error);
  return FAILURES[code] ?? "page.my.share-failed";
}

/* links made before */

async function listShares(my: My, where: HTMLElement): Promise<void> {
  const shares = await allShares(my.wallet);
  const current = shares.filter((share) => new Date(share.expires) > my.now());
  for (const share of shares)
    if (!current.includes(share) && (await isGone(share))) await removeShare(my.wallet, share.id);
  if (current.length === 0) return where.replaceChildren(paragraph("page.my.shares-none", {}, "quiet"));
  where.replaceChildren(
    element(
      "ul",
      { class: "plain" },
      current.map((share) => element("li", { class: "share-line" }, shareLine(my, share))),
    ),
  );
}

/** Ask the server before the only means of taking a share back is forgotten: this device's clock may be wrong. */
async function isGone(share: KeptShare): Promise<boolean> {
  try {
    await shareState(share, byFetch);
    return false;
  } catch (error) {
    return error instanceof ShareError && error.code === "no-share";
  }
}

function shareLine(my: My, share: KeptShare): HTMLElement[] {
  const state = element("span", { class: "quiet block", role: "status", tabindex: "-1" }) as HTMLElement;
  const said = t("page.my.shares-one", { count: share.badges.length, day: moment(share.expires) });
  const revoke = button("page.my.shares-revoke", () => takeBack(my, share, { state, revoke }), "second");
  void tellState(share, { state, revoke });
  return [element("span", {}, said) as HTMLElement, state, revoke];
}

interface Line {
  readonly state: HTMLElement;
  readonly revoke: HTMLElement;
}

async function tellState(share: KeptShare, { state, revoke }: Line): Promise<void> {
  try {
    const { views, attemptsLeft } = await shareState(share, byFetch);
    const words = [t("page.my.shares-views", { views })];
    if (share.passcode) words.push(t("page.my.shares-attempts", { left: attemptsLeft }));
    state.textContent = words.join(" · ");
  } catch (error) {
    const gone = error instanceof ShareError && error.code === "no-share";
    state.textContent = t(gone ? "page.my.shares-gone" : "page.my.shares-unknown");
    revoke.hidden = gone;
  }
}

async function takeBack(my: My, share: KeptShare, { state, revoke }: Line): Promise<void> {
  try {
    await revokeShare(share, byFetch);
    await removeShare(my.wallet, share.id);
    state.textContent = t("page.my.shares-revoked");
    revoke.hidden = true;
    state.focus();
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    state.textContent = t("page.my.shares-not-revoked");
  }
}
