// Where a learner takes a badge to paper, or to a profile elsewhere: a name if they like, a language, a file.

import { badgeLink } from "/static/badge-link.js";
import { download, element } from "/static/dom.js";
import { currentLanguage, t } from "/static/texts.js";
import type { Language, ShownCredential } from "../verify/report";
import type { PrintedQr } from "./certificate";
import { linkedInLink } from "./linkedin";

const LANGUAGES: readonly Language[] = ["ja", "en"];
const LONGEST_NAME = 60;
/** Longer than any QR code: for the link that is made only to say where to check. */
const TOO_LONG_TO_PRINT = "9".repeat(8_000);

/** The badge to take: its text, how it is shown, and the public address of the verifier that checks it. */
export interface PaperOf {
  readonly text: string;
  readonly shown: (language: Language) => ShownCredential;
  readonly verifier: string;
}

/**
 * Return the panel that makes a certificate. The name that is typed into it goes onto the paper and nowhere else.
 * `checkedAt` is a public address of the badge, for LinkedIn; without one, its form asks for none.
 */
export function paperPanel(badge: PaperOf, checkedAt: string | null = null): HTMLElement {
  const name = element("input", { type: "text", maxlength: LONGEST_NAME, autocomplete: "name", spellcheck: "false" });
  const language = element(
    "select",
    {},
    LANGUAGES.map((one) =>
      element("option", { value: one, selected: one === currentLanguage() ? "" : null }, t(`page.paper.in-${one}`)),
    ),
  );
  const told = element("div", { role: "status" });
  const make = element("button", { type: "submit" }, t("page.paper.make")) as HTMLButtonElement;
  const form = element(
    "form",
    { class: "certificate" },
    element("label", { class: "field" }, t("page.paper.name"), name),
    element("p", { class: "quiet" }, t("page.paper.name-stays")),
    element("label", { class: "field" }, t("page.paper.language"), language),
    element("p", { class: "actions" }, make),
  );
  form.addEventListener("submit", (event: Event) => {
    event.preventDefault();
    // One at a time: a second press while the first works would save twice.
    make.disabled = true;
    told.replaceChildren(element("p", {}, t("page.paper.making")));
    const wanted = {
      holderName: (name as HTMLInputElement).value,
      language: (language as HTMLSelectElement).value as Language,
    };
    void save(badge, wanted)
      .then((words) => told.replaceChildren(...words.map((one) => element("p", {}, one))))
      .catch((error: unknown) => told.replaceChildren(element("p", { class: "note failure" }, t(failure(error)))))
      .finally(() => {
        make.disabled = false;
      });
  });
  return element(
    "section",
    { class: "panel no-print", "aria-labelledby": "paper-title" },
    element("h2", { id: "paper-title" }, t("page.paper.heading")),
    element("p", {}, t("page.paper.intro")),
    form,
    told,
    element("h3", {}, t("page.paper.linkedin-heading")),
    element("p", {}, t("page.paper.linkedin-intro")),
    linkedIn(badge, checkedAt),
  ) as HTMLElement;
}

/** Save the certificate; return what to tell the learner of it. */
async function save(
  badge: PaperOf,
  { holderName, language }: { holderName: string; language: Language },
): Promise<string[]> {
  // A megabyte that most never need.
  const [{ certificatePdf }, { loadFont }, { loadPaperTexts }] = await Promise.all([
    import("./certificate"),
    import("./font"),
    import("./texts"),
  ]);
  const [font, texts, link] = await Promise.all([loadFont(), loadPaperTexts(language), linkOf(badge)]);
  const content = { credential: badge.shown(language), text: badge.text, link, holderName, language, font, texts };
  const { bytes, qr, lacking } = await certificatePdf(content);
  download("certificate.pdf", bytes, "application/pdf");
  return [
    t("page.paper.made"),
    qr ? t("page.paper.qr", numbers(qr)) : t("page.paper.no-qr"),
    ...(lacking.length > 0 ? [t("page.paper.lacking", { letters: lacking.join(" ") })] : []),
  ];
}

async function linkOf({ text, verifier }: PaperOf): Promise<string> {
  try {
    return (await badgeLink(text, verifier)) as string;
  } catch {
    return `${verifier}/v#${TOO_LONG_TO_PRINT}`;
  }
}

function numbers(qr: PrintedQr): Record<string, string> {
  return {
    version: String(qr.version),
    modules: String(qr.modules),
    module: qr.moduleMillimetres.toFixed(2),
    size: String(qr.sizeMillimetres),
  };
}

function failure(error: unknown): string {
  const tooLong = error instanceof Error && "code" in error && error.code === "too-long";
  return tooLong ? "page.paper.too-long" : "page.paper.not-made";
}

function linkedIn({ shown }: PaperOf, checkedAt: string | null): HTMLElement {
  const href = linkedInLink(shown(currentLanguage() as Language), checkedAt);
  const link = element("a", { href, target: "_blank", rel: "noopener noreferrer" }, t("page.paper.linkedin"));
  return element("p", {}, link) as HTMLElement;
}
