// Into the wallet with what a learner has: badges in any form, the keys that claim pages saved, links.

import { element } from "/static/dom.js";
import { t } from "/static/texts.js";
import { isOpaque, mediaTypeOf, pasted, secretIn, textOf } from "../check/given";
import { at } from "../page";
import { badgeOf, importKeyFile, keepBadge, textsOf } from "../wallet/badges";
import { WalletError } from "../wallet/database";
import { FORMAT } from "../wallet/export";
import type { My } from "./mine";

const MAX_BYTES = 8_388_608;
const CLAIM_LINK = /^(https?:\/\/[^\s#/]+)\/c(?:\?[^\s#]*)?#([\w-]{43})$/;

/** Return the offer that a claim link holds, or null: `issuer` is its origin as it is written. */
export function offerIn(words: string): { token: string; issuer: string } | null {
  const [, issuer, token] = CLAIM_LINK.exec(words.trim()) ?? [];
  return issuer && token ? { issuer, token } : null;
}

/** Add files to the wallet, one after the other, and say of each what became of it. */
export async function addFiles(my: My, files: readonly File[]): Promise<void> {
  at("added").replaceChildren();
  for (const file of files) {
    say(await addFile(my, file).catch(() => t("page.my.not-added", { name: file.name })));
  }
  await my.changed();
}

/** Add what was pasted or scanned: a badge, a link to one, or a key. */
export async function addWords(my: My, words: string): Promise<void> {
  const found = pasted(words);
  const name = t("page.my.pasted");
  at("added").replaceChildren();
  if ("issue" in found) return say(t(`page.issue.${found.issue}`));
  say(await addBytes(my, new TextEncoder().encode(found.text), name).catch(() => t("page.my.not-added", { name })));
  await my.changed();
}

async function addFile(my: My, file: File): Promise<string> {
  if (file.size > MAX_BYTES) return t("page.issue.too-large");
  return addBytes(my, new Uint8Array(await file.arrayBuffer()), file.name);
}

async function addBytes(my: My, bytes: Uint8Array, name: string): Promise<string> {
  const text = isOpaque(mediaTypeOf(bytes)) ? null : textOf(bytes);
  if (text?.includes(`"${FORMAT}"`)) return t("page.my.backup-here");
  if (text !== null && secretIn(text) === "key-file") return addKey(my, text);
  const checked = await my.engine.checkBytes(bytes);
  if (checked.kind !== "report" || checked.text === null || checked.report.credential === null) {
    return t("page.my.not-added", { name });
  }
  // What is not its issuer's must not stand beside, or in the place of, what is.
  const binding = checked.report.findings.find((one) => one.check === "binding");
  if (binding?.outcome === "failed") return t("page.my.not-added", { name });
  const now = my.now();
  const kept = await keepBadge(my.wallet, badgeOf(textsOf(checked.text), now));
  return t(kept.added === now.toISOString() ? "page.my.added" : "page.my.known", { name });
}

async function addKey(my: My, text: string): Promise<string> {
  try {
    return t("page.my.key-added", { count: (await importKeyFile(my.wallet, text)).length });
  } catch (error) {
    if (error instanceof WalletError) return t("page.my.key-unused");
    throw error;
  }
}

function say(words: string): void {
  at("added").append(element("li", {}, words));
}
