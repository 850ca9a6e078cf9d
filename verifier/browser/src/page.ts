// What every page of the verifier does alike: its elements, its address bar, its texts, its announcements.

import { element } from "/static/dom.js";
import { loadTexts, t } from "/static/texts.js";

const IDLE_MILLISECONDS = 500;
const HEARD_MILLISECONDS = 10_000;
let heard: ReturnType<typeof setTimeout> | undefined;
let taken = "";

/** Return an element of the page's own template; one that is missing is a mistake of ours. */
export function at<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as E;
}

/** Return what the template says in `data-<name>` of the body. */
export function given(name: string): string {
  return document.body.dataset[name] ?? "";
}

/** Return the address of this verifier, without a slash at its end: that of its settings, never of a request. */
export function verifierAddress(): string {
  return given("verifier") || window.location.origin;
}

/** Show these of the page's parts, and none of the others. */
export function showPart(parts: readonly string[], shown: readonly string[]): void {
  for (const id of parts) at(id).hidden = !shown.includes(id);
}

/** Take the fragment out of the address bar, so that neither history nor a shoulder keeps it, and return it. */
export function takeFragment(): string {
  const fragment = window.location.hash.slice(1);
  if (fragment !== "") {
    taken = fragment;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  return fragment;
}

/** Hand over each link that is put into the address bar while the page is open; a place within the page is none. */
export function onFragment(take: (fragment: string) => void): void {
  window.addEventListener("hashchange", () => {
    if (document.getElementById(window.location.hash.slice(1)) === null) take(takeFragment());
  });
}

/** Put the fragment that was taken last back into the address bar: whoever loads the page again is to have it. */
export function giveFragmentBack(): void {
  if (taken !== "") window.history.replaceState(null, "", `#${taken}`);
}

/**
 * Tell people who listen what happened; the empty text first, so that the same words are said again. Later they go: whoever
 * reads the page from its top is to find what stands there, not what was said.
 */
export function announce(words: string): void {
  const place = at("announcement");
  place.textContent = "";
  place.textContent = words;
  clearTimeout(heard);
  heard = setTimeout(() => (place.textContent = ""), HEARD_MILLISECONDS);
}

/**
 * Wait for the texts; tell whether they came. Without them a page has only the words that it came with, and these ask to
 * load it again: until then its link stands in the address bar.
 */
export async function textsAreThere(): Promise<boolean> {
  try {
    await loadTexts();
    at("no-texts").hidden = true;
    if (window.location.hash === `#${taken}`) takeFragment();
    return true;
  } catch {
    giveFragmentBack();
    at("no-texts").hidden = false;
    at("no-texts").focus();
    return false;
  }
}

/** Say beside a field what is wrong with it, and go there; null when nothing is. The field's description holds `problem`. */
export function blame(field: HTMLElement, problem: HTMLElement, words: string | null): void {
  problem.textContent = words ?? "";
  if (words === null) return field.removeAttribute("aria-invalid");
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** Return a button with the text of a catalogue key. */
export function button(key: string, onClick: () => unknown, kind: string | null = null): HTMLButtonElement {
  const made = element("button", { type: "button", class: kind }, t(key)) as HTMLButtonElement;
  made.addEventListener("click", () => void onClick());
  return made;
}

/** Return a paragraph with the text of a catalogue key. */
export function paragraph(key: string, params: Record<string, unknown> = {}, kind: string | null = null): HTMLElement {
  return element("p", { class: kind }, t(key, params)) as HTMLElement;
}

/**
 * Do what can wait, once the page is there and the browser has nothing else to do; for people who save data, never.
 */
export function whenQuiet(work: () => void): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  // Safari has no idle times.
  const later = (): unknown =>
    "requestIdleCallback" in window ? requestIdleCallback(work) : setTimeout(work, IDLE_MILLISECONDS);
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
}
