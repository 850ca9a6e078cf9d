// The texts of a paper, in the language of the paper: the page may speak another one.

import type { Language } from "../verify/report";

const LOCALES = { ja: "ja", en: "en-GB" } as const;

/** The texts of one language: `page.paper.<key>` with its {placeholders} filled. */
export type PaperTexts = (key: string, params?: Readonly<Record<string, string>>) => string;

/** Return the texts of a catalogue, as `/texts/<language>.json` has it. */
export function paperTexts(catalogue: Readonly<Record<string, string>>): PaperTexts {
  return (key, params = {}) => {
    const text = catalogue[`page.paper.${key}`];
    if (text === undefined) throw new Error(`no text for page.paper.${key}`);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
  };
}

/** Load the texts of a language, or throw what `fetch` throws. */
export async function loadPaperTexts(language: Language): Promise<PaperTexts> {
  const answer = await fetch(`/texts/${language}.json`);
  if (!answer.ok) throw new Error("no texts");
  return paperTexts((await answer.json()) as Record<string, string>);
}

/** Return the day that the issuer wrote, as people read it; "" for none. */
export function dayIn(language: Language, moment: string | null): string {
  const date = new Date(`${/^\d{4}-\d{2}-\d{2}/.exec(moment ?? "")?.[0]}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return moment ?? "";
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    year: "numeric",
    month: "long",
    day: "numeric",
    timeZone: "UTC",
  });
  return format.format(date);
}
