// The texts of a page, from the catalogue of the server, and the switch between languages.

const LANGUAGES = ["ja", "en"];
const LOCALES = { ja: "ja", en: "en-GB" };
const DAY = { year: "numeric", month: "long", day: "numeric" };
const CLOCK = { hour: "numeric", minute: "2-digit" };
const WRITTEN = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
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

/** Tell whether there is such a text, complete without parameters. */
export function hasText(key) {
  return Object.hasOwn(texts[language], key) && !texts[language][key].includes("{");
}

/** Tell whether there is such a text, complete or to be filled. */
export function knowsText(key) {
  return Object.hasOwn(texts[language], key);
}

/** Return the address of another page of ours in the language of this one. */
export function inThisLanguage(address) {
  const url = new URL(address, window.location.href);
  url.searchParams.set("lang", language);
  return url.href;
}

/** Return a time as people read it, in the reader's own time zone, which is named; what is no time stays as it is. */
export function moment(value) {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return String(value);
  return formatted(date, { ...DAY, ...CLOCK, timeZoneName: "short" });
}

/** Return a day as people read it: the day that the issuer wrote, whatever the reader's time zone. */
export function day(value) {
  const parts = /^\d{4}-\d{2}-\d{2}/.exec(String(value));
  const date = new Date(`${parts?.[0]}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? String(value) : formatted(date, { ...DAY, timeZone: "UTC" });
}

/** Return when something begins, in the time zone in which it is written, which is named. */
export function since(value) {
  return asOnTheClock(value, (clock) => clock);
}

/** Return until when something lasts. An end at midnight is the end of the day before. */
export function until(value) {
  return asOnTheClock(value, (clock) => new Date(clock.getTime() - 1));
}

/** Return how many days or years, with the word for them: "1 day", "14 days". */
export function amount(number, unit) {
  const said = new Intl.NumberFormat(LOCALES[language], { style: "unit", unit, unitDisplay: "long" }).format(number);
  // Nobody writes the space that this puts into Japanese.
  return language === "ja" ? said.replace(" ", "") : said;
}

function asOnTheClock(value, dayAtMidnight) {
  const [, date, time, offset] = WRITTEN.exec(String(value)) ?? [];
  const clock = new Date(`${date}T${time}Z`);
  if (Number.isNaN(clock.getTime())) return String(value);
  const said =
    time === "00:00:00"
      ? formatted(dayAtMidnight(clock), { ...DAY, timeZone: "UTC" })
      : formatted(clock, { ...DAY, ...CLOCK, timeZone: "UTC" });
  return t("page.time.zoned", { time: said, zone: zone(offset) });
}

function zone(offset) {
  if (offset === "+09:00") return t("page.time.japan");
  return offset === "Z" || offset === "+00:00" ? "UTC" : `UTC${offset}`;
}

// A format takes a phone some milliseconds to make, and a report has many days.
const formats = new Map();

function formatted(date, options) {
  const name = language + JSON.stringify(options);
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(LOCALES[language], options));
  return formats.get(name).format(date);
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
  for (const link of document.querySelectorAll("a[data-way]")) link.href = inThisLanguage(link.href);
  document.title = `${t(document.body.dataset.titleKey)} | ${t("site.name")}`;
  window.history.replaceState(null, "", `${window.location.pathname}?lang=${wanted}`);
  onChange();
}
