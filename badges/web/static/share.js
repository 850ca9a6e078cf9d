// A badge link and its QR code, to copy and to download.

import { copy, download, element } from "./dom.js";
import { qrMatrix, qrPng, qrSvg } from "./qr.js";
import { t } from "./texts.js";

const OF_ONE_BADGE = { title: "page.share.title", what: "page.share.what", noQr: "page.share.no-qr" };

/** Return a panel with the link, a copy button, the QR code and its files; `words` are the keys of what it says. */
export function sharePanel(link, words = OF_ONE_BADGE) {
  const matrix = qrMatrix(link);
  return element(
    "section",
    { class: "panel share" },
    element("h2", { tabindex: "-1" }, t(words.title)),
    element("p", {}, t(words.what)),
    linkBox(link),
    matrix ? qrFigure(matrix) : element("p", { class: "note" }, t(words.noQr)),
  );
}

function linkBox(link) {
  const box = element("textarea", { class: "link-box", readonly: "", rows: "3", "aria-label": t("page.share.link") });
  box.value = link;
  const said = element("span", { role: "status" });
  const button = element("button", { type: "button" }, t("page.share.copy"));
  button.addEventListener("click", async () => {
    const copied = await copy(link);
    if (!copied) box.select();
    said.textContent = t(copied ? "page.share.copied" : "page.share.not-copied");
  });
  return element("div", { class: "no-print" }, box, element("p", { class: "actions" }, button, said));
}

function qrFigure(matrix) {
  const svg = qrSvg(matrix, t("page.share.qr"));
  svg.classList.add("qr");
  const png = element("button", { type: "button", class: "second" }, t("page.share.png"));
  png.addEventListener("click", async () => download("badge-qr.png", await qrPng(matrix), "image/png"));
  return element("div", {}, svg, element("p", { class: "actions no-print" }, png));
}
