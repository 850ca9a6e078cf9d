// Badges that come by way of an issuer's page: there with a key of this browser's, and back with the badge.

import { element } from "/static/dom.js";
import { currentLanguage, t } from "/static/texts.js";
import { at, button, paragraph } from "../page";
import { language } from "../view/spoken";
import { finishClaim, keepReceived, readOffer, startClaim, type Offer } from "../wallet/claim";
import { WalletError } from "../wallet/database";
import type { My } from "./mine";

const WORDS: Readonly<Record<string, string>> = {
  "already-received": "page.my.received-twice",
  "unknown-claim": "page.my.received-unknown",
  "other-key": "page.my.received-other-key",
  "not-an-offer": "page.my.claim-bad",
  "issuer-not-secure": "page.my.claim-bad",
};

/**
 * Do what a fragment asks for: begin a claim, or take in the badge of one, after which the wallet is another. Other
 * fragments are nothing to us.
 */
export async function receive(my: My, fragment: string): Promise<void> {
  try {
    if (fragment.startsWith("claim.")) askToClaim(my, readOffer(fragment));
    if (fragment.startsWith("received.")) await takeIn(my, fragment);
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    show(t("page.my.claim-title"), paragraph(WORDS[error.code] ?? "page.my.received-damaged", {}, "failed"));
  }
}

/** Ask before anybody leaves for another site: a link could name any. */
export function askToClaim(my: My, offer: Offer): void {
  const { host } = new URL(offer.issuer);
  const go = button("page.my.claim-go", () => leave(my, offer));
  go.id = "claim-go";
  go.textContent = t("page.my.claim-go", { host });
  const no = button("page.my.claim-no", () => (at("received").hidden = true), "second");
  const actions = element("p", { class: "actions" }, go, no) as HTMLElement;
  show(t("page.my.claim-title"), paragraph("page.my.claim-what", { host }), actions);
}

async function leave(my: My, offer: Offer): Promise<void> {
  const start = { verifier: my.verifier, language: currentLanguage(), now: my.now() };
  window.location.assign(await startClaim(my.wallet, offer, start));
}

async function takeIn(my: My, fragment: string): Promise<void> {
  const received = await finishClaim(my.wallet, fragment, my.now());
  const { vcJwt, dataIntegrity } = received.badge;
  const texts = [vcJwt, dataIntegrity].filter((text) => text !== null);
  // Each form on its own: both are kept, and either may be passed on.
  const reports = await Promise.all(texts.map((text) => my.engine.checkText(text)));
  const [report] = reports;
  // What nobody could verify now may be verified later; what is wrong stays wrong.
  const bad = reports.some(({ credential, verdict }) => credential === null || verdict === "not-verified");
  if (!report?.credential || bad) {
    return show(t("page.my.claim-title"), paragraph("page.my.received-unverified", {}, "failed"));
  }
  await keepReceived(my.wallet, received, my.now());
  const { achievement, name } = report.credential(language());
  show(t("page.my.received"), paragraph("page.my.received-what", { name: achievement.name || name }));
}

function show(title: string, ...words: HTMLElement[]): void {
  const heading = element("h2", { tabindex: "-1" }, title) as HTMLElement;
  at("received").replaceChildren(heading, ...words);
  at("received").hidden = false;
  // Not announced, too: it would be heard twice.
  heading.focus();
}
