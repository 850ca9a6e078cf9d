// The backup: everything in the wallet in one file, encrypted under a passphrase.

import { download, element } from "/static/dom.js";
import { t } from "/static/texts.js";
import { at, blame, paragraph } from "../page";
import { WalletError } from "../wallet/database";
import { exportWallet, importWallet, MIN_PASSPHRASE } from "../wallet/export";
import type { My } from "./mine";

const MAX_BYTES = 67_108_864;
const MILLISECONDS_A_MINUTE = 60_000;

/** Fill the section `#keep` with what saves and opens a backup; `persisted` tells what the browser has promised. */
export function showKeep(my: My, persisted: boolean): void {
  at("keep").replaceChildren(
    element("h2", { id: "keep-title" }, t("page.my.keep")),
    paragraph("page.my.keep-why"),
    paragraph(persisted ? "page.my.stored" : "page.my.not-stored", {}, "quiet"),
    saveForm(my),
    openForm(my),
  );
}

function saveForm(my: My): HTMLElement {
  const [field, passphrase] = passphraseField("keep-save-passphrase");
  const [problem, said] = [alertOf("keep-save"), status()];
  return formOf("keep-save", [field, problem, submit("page.my.keep-save"), said], async () => {
    said.textContent = "";
    const short = [...passphrase.value.normalize("NFKC")].length < MIN_PASSPHRASE;
    blame(passphrase, problem, short ? t("page.my.keep-short", { count: MIN_PASSPHRASE }) : null);
    if (short) return;
    said.textContent = t("page.my.keep-saving");
    const file = `akashi-backup-${dayOf(my.now())}.json`;
    download(file, await exportWallet(my.wallet, passphrase.value, my.now()), "application/json");
    passphrase.value = "";
    said.textContent = t("page.my.keep-saved", { file });
  });
}

/** Return the day by this device's clock, in the form that sorts by name. */
function dayOf(now: Date): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * MILLISECONDS_A_MINUTE).toISOString().slice(0, 10);
}

function openForm(my: My): HTMLElement {
  const described = { id: "keep-file", "aria-describedby": "keep-open-problem" };
  const accepted = { type: "file", accept: ".json,application/json", ...described };
  const file = element("input", accepted) as HTMLInputElement;
  const [field, passphrase] = passphraseField("keep-open-passphrase");
  const [problem, said] = [alertOf("keep-open"), status()];
  const label = element("label", { class: "field", for: "keep-file" }, t("page.my.keep-file")) as HTMLElement;
  const parts = [label, file, field, problem, submit("page.my.keep-load", "second"), said];
  const form = formOf("keep-open", parts, () => load(my, file, { passphrase, problem, said }));
  return element("details", {}, element("summary", {}, t("page.my.keep-open")), form) as HTMLElement;
}

function formOf(id: string, parts: readonly HTMLElement[], onSubmit: () => Promise<void>): HTMLElement {
  const form = element("form", { id }, parts) as HTMLFormElement;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void onSubmit();
  });
  return form;
}

function submit(key: string, kind: string | null = null): HTMLElement {
  return element("p", { class: "actions" }, element("button", { type: "submit", class: kind }, t(key))) as HTMLElement;
}

interface Opening {
  readonly passphrase: HTMLInputElement;
  readonly problem: HTMLElement;
  readonly said: HTMLElement;
}

async function load(my: My, file: HTMLInputElement, { passphrase, problem, said }: Opening): Promise<void> {
  const [chosen] = file.files ?? [];
  if (!chosen) return file.focus();
  for (const field of [file, passphrase]) blame(field, problem, null);
  said.textContent = "";
  if (chosen.size > MAX_BYTES) return blame(file, problem, t("page.issue.too-large"));
  said.textContent = t("page.my.keep-opening");
  try {
    const { badges, keys } = await importWallet(my.wallet, await chosen.text(), passphrase.value);
    said.textContent = t("page.my.keep-loaded", { badges, keys });
    passphrase.value = "";
    await my.changed();
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    said.textContent = "";
    blame(passphrase, problem, t("page.my.keep-wrong"));
  }
}

function passphraseField(id: string): [HTMLElement, HTMLInputElement] {
  const input = element("input", {
    type: "text",
    id,
    "aria-describedby": id.replace("passphrase", "problem"),
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  }) as HTMLInputElement;
  const label = element("label", { class: "field", for: id }, t("page.my.keep-passphrase", { count: MIN_PASSPHRASE }));
  return [element("div", {}, label, input) as HTMLElement, input];
}

function alertOf(form: string): HTMLElement {
  return element("p", { id: `${form}-problem`, class: "failed", role: "alert" }) as HTMLElement;
}

function status(): HTMLElement {
  return element("p", { role: "status" }) as HTMLElement;
}
