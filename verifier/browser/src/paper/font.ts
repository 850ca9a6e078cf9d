// The font of our papers: embedded with the letters that are used, and no others.

import fontkit from "@pdf-lib/fontkit";
import type { PDFDocument, PDFFont } from "@cantoo/pdf-lib";
import type { Measure } from "./lines";

/** Printers' old sign for a letter that they did not have. */
export const GETA = "〓";
/** PDF readers know by the six letters that only a part of the font is inside (ISO 32000 section 9.9.2). */
const SUBSET_NAME = "AKASHI+BIZUDPGothic";

/** A font in a document, and how wide its texts are. */
export interface PaperFont {
  readonly font: PDFFont;
  readonly measure: Measure;
  /** Return a text that can be printed: what the font lacks is a geta mark, and is noted in `lacking`. */
  readonly printable: (text: string) => string;
  readonly lacking: Set<string>;
}

/**
 * The font reader as the PDF writer wants it. Each offers two ways to write a subset, and they share only the one that
 * streams: the writer prefers the other if it sees it, and calls it differently.
 */
const READER = {
  create(bytes: Uint8Array) {
    const font = fontkit.create(bytes);
    const made = font.createSubset.bind(font);
    const createSubset = (): object => {
      const subset = made();
      return {
        cff: false,
        includeGlyph: subset.includeGlyph.bind(subset),
        encodeStream: subset.encodeStream.bind(subset),
      };
    };
    return Object.defineProperty(font, "createSubset", { value: createSubset });
  },
} as unknown as Parameters<PDFDocument["registerFontkit"]>[0];

/** Return the font of these bytes (TrueType), embedded into a document. */
export async function embedFont(document: PDFDocument, bytes: Uint8Array): Promise<PaperFont> {
  document.registerFontkit(READER);
  const font = await document.embedFont(bytes, { subset: true, customName: SUBSET_NAME });
  const known = new Set(font.getCharacterSet());
  const lacking = new Set<string>();
  const widths = new Map<string, number>();
  const widthOf = (letter: string): number => {
    const width = widths.get(letter) ?? font.widthOfTextAtSize(letter, 1);
    widths.set(letter, width);
    return width;
  };
  // Letter by letter: the font has no kerning, and asking it for whole lines over and over is slow.
  const measure: Measure = (text) => [...text].reduce((sum, letter) => sum + widthOf(letter), 0);
  const printable = (text: string): string =>
    [...text.normalize("NFC")].map((letter) => (isKnown(letter, known) ? letter : replaced(letter, lacking))).join("");
  return { font, measure, printable, lacking };
}

function isKnown(letter: string, known: ReadonlySet<number>): boolean {
  return known.has(letter.codePointAt(0) ?? 0) || /[\s\p{Cc}]/u.test(letter);
}

function replaced(letter: string, lacking: Set<string>): string {
  // Selectors and joiners have no shape of their own.
  if (/[\p{Cf}\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/u.test(letter)) return "";
  lacking.add(letter);
  return GETA;
}

/** Load the bytes of the font of our papers, or throw what `fetch` throws. */
export async function loadFont(): Promise<Uint8Array> {
  const answer = await fetch("/static/fonts/BIZUDPGothic-Regular.ttf");
  if (!answer.ok) throw new Error("no font");
  return new Uint8Array(await answer.arrayBuffer());
}
