// Links that leave a page where it is: with it, a badge would go.

import { element } from "./dom.js";
import { inThisLanguage, t } from "./texts.js";

/** Return a link to another page of Akashi, in the language of this one, that opens beside it; plain text if it is none. */
export function outside(url, text) {
  if (!/^https?:\/\//.test(url ?? "")) return element("span", {}, text);
  const hint = element("span", { class: "visually-hidden" }, t("page.outside.new-tab"));
  return element("a", { href: inThisLanguage(url), target: "_blank", rel: "noopener noreferrer" }, text, hint);
}
