// Elements made from values; text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Return an HTML element with attributes and children (elements or text; null and "" are left out). */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Return an SVG element. */
export function svgElement(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Return somebody's own words as an element that says in which language they are, as far as that shows; null for "". */
export function asWritten(text) {
  if (!text) return null;
  // Kana are Japanese alone. So are Chinese characters, here: spelt out in English they would be lost altogether.
  return element("span", { lang: /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) ? "ja" : null }, text);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Return a titled section. */
export function panel(title, ...children) {
  return element("section", { class: "panel" }, element("h2", {}, title), ...children);
}

/** Return a list of names and values; a pair without a value is left out. */
export function facts(pairs) {
  const filled = pairs.filter(([, value]) => value !== null && value !== "");
  return element("dl", { class: "facts" }, filled.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]).flat());
}

/** Offer bytes as a file. */
export function download(name, bytes, mediaType) {
  const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // Not at once: the browser reads the blob after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Copy text, and tell whether that worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
