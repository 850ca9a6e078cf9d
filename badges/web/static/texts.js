// The texts of a page, from the catalogue of the server, and the switch between languages.

const LANGUAGES = ["ja", "en"];
const PATIENCE_MILLISECONDS = 20_000;

let language = document.documentElement.lang;
let texts = null;
let loading = null;

/** Return the language that the page speaks now. */
export function currentLanguage() {
  return language;
}

/**
 * Load the texts of both languages, so that a switch needs no server.
 * Whoever asks again gets the same answer, or another try when there was none.
 */
export function loadTexts() {
  loading ??= readTexts().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function readTexts() {
  const read = await Promise.all(LANGUAGES.map(readOne));
  texts = Object.fromEntries(read);
}

async function readOne(wanted) {
  const answer = await fetch(`/texts/${wanted}.json`, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
  if (!answer.ok) throw new Error("no texts");
  return [wanted, await answer.json()];
}

/** Return a text with its {placeholders} filled. */
export function t(key, params = {}) {
  if (!Object.hasOwn(texts[language], key)) throw new Error(`no text for ${key}`);
  return texts[language][key].replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(params, name) ? params[name] : whole));
}

/** Return a time as people read it, in the reader's own time zone; what is no time comes back as it is. */
export function moment(value) {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return String(value);
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(date);
}

/** Return a day as people read it: the day that the issuer wrote, whatever the reader's time zone. */
export function day(value) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(String(value));
  if (!parts) return String(value);
  const date = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/** Let the language links of the page work without leaving it, so that nothing that it holds is lost. */
export function switchInPlace(onChange) {
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      loadTexts().then(
        () => changeLanguage(link.dataset.language, onChange),
        () => window.location.assign(link.href),
      );
    });
  }
}

function changeLanguage(wanted, onChange) {
  language = wanted;
  document.documentElement.lang = wanted;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const link of document.querySelectorAll("a[data-language]")) {
    if (link.dataset.language === wanted) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  document.title = `${t(document.body.dataset.titleKey)} | ${t("site.name")}`;
  window.history.replaceState(null, "", `${window.location.pathname}?lang=${wanted}`);
  onChange();
}
