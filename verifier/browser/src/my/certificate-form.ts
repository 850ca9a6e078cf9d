// The certificate to hang up, and the way to LinkedIn: both made here, and only when somebody presses the button.

import { badgeLink } from "/static/badge-link.js";
import { download, element } from "/static/dom.js";
import { t } from "/static/texts.js";
import { button } from "../page";
import { language } from "../view/spoken";
import { shortestText } from "../wallet/badges";
import type { PrintedQr } from "../paper/certificate";
import type { Mine, My } from "./mine";

/** Return the form in which a learner types a name, or none, and saves the certificate of a badge. */
export function certificateForm(my: My, mine: Mine): HTMLElement {
  const id = `holder-name-${mine.badge.id}`;
  const described = { id, autocomplete: "off", "aria-describedby": `${id}-why` };
  const name = element("input", { type: "text", maxlength: "80", ...described }) as HTMLInputElement;
  const said = element("p", { role: "status" }) as HTMLElement;
  const save = button("page.my.certificate-save", () => saveCertificate(my, mine, name.value.trim(), said));
  return element(
    "div",
    {},
    element("h4", {}, t("page.my.certificate")),
    element("label", { class: "field", for: id }, t("page.my.holder-name")),
    name,
    element("p", { class: "quiet", id: `${id}-why` }, t("page.my.holder-name-why")),
    element("p", { class: "actions" }, save),
    said,
  ) as HTMLElement;
}

async function saveCertificate(my: My, mine: Mine, holderName: string, said: HTMLElement): Promise<void> {
  const credential = mine.report.credential?.(language());
  if (!credential) return;
  said.textContent = t("page.my.certificate-making");
  try {
    const { certificatePdf, loadFont, loadPaperTexts } = await import("../pages/paper");
    const text = shortestText(mine.badge);
    const [font, texts, link] = await Promise.all([
      loadFont(),
      loadPaperTexts(language()),
      // A badge that no link holds is printed without its QR code.
      badgeLink(text, my.verifier).catch(() => my.verifier) as Promise<string>,
    ]);
    const content = { credential, text, link, holderName, language: language(), font, texts };
    const { bytes, qr, lacking } = await certificatePdf(content);
    const file = `certificate-${mine.badge.id.replace("urn:uuid:", "").slice(0, 8)}.pdf`;
    download(file, bytes, "application/pdf");
    said.textContent = [
      saved(file, qr),
      lacking.length > 0 ? t("page.my.certificate-lacking", { letters: lacking.join(" ") }) : "",
    ].join(" ");
  } catch (error) {
    const tooLong = error instanceof Error && "code" in error && error.code === "too-long";
    if (!tooLong) console.error(error);
    said.textContent = t(tooLong ? "page.my.certificate-too-long" : "page.my.certificate-failed");
  }
}

function saved(file: string, qr: PrintedQr | null): string {
  if (qr === null) return t("page.my.certificate-no-qr", { file });
  return t("page.my.certificate-made", {
    file,
    version: qr.version,
    modules: qr.modules,
    module: qr.moduleMillimetres.toFixed(2),
    size: qr.sizeMillimetres.toFixed(0),
  });
}
