// Plain documents on paper: titles, paragraphs, lists and facts over as many A4 pages as they take.

import { type PDFFont, type PDFPage, rgb } from "@cantoo/pdf-lib";
import type { Language } from "../verify/report";
import { A4, type Attachment, attach, bytesOf, newDocument, POINTS_PER_MILLIMETRE as MM } from "./document";
import { embedFont, type PaperFont } from "./font";
import { balanced, tidy, wrap } from "./lines";
import { BLUE, GOLD } from "./seal";

export type Block =
  | { readonly kind: "title" | "heading" | "text"; readonly text: string }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "rule" };

/** How to lay out. `font` are the bytes of a TrueType font; `onLacking` is told the letters that it lacks, if any. */
export interface LayoutOptions {
  readonly title: string;
  readonly language: Language;
  readonly font: Uint8Array;
  readonly attachment?: Attachment;
  readonly onLacking?: (letters: readonly string[]) => void;
}

const INK = rgb(0.13, 0.15, 0.18);
const GREY = rgb(0.38, 0.41, 0.45);
const [PAGE_WIDTH, PAGE_HEIGHT] = A4;
const LEFT = 22 * MM;
const TOP = PAGE_HEIGHT - 24 * MM;
const BOTTOM = 26 * MM;
const NUMBER_LINE = 14 * MM;
const WIDTH = PAGE_WIDTH - 2 * LEFT;
const NAME_WIDTH = WIDTH * 0.3;
const GUTTER = 5 * MM;
const INDENT = 5 * MM;
const LINE_HEIGHT = 1.6;
const ASCENT = 1.05;
const SIZES = { title: 19, heading: 13, text: 10, number: 8 } as const;

/** A line's worth of a page: never parted, and never the last on a page when it belongs to the next. */
interface Strip {
  readonly above: number;
  readonly height: number;
  readonly joined: boolean;
  readonly words: readonly Words[];
  readonly rule?: true;
}

interface Words {
  readonly text: string;
  readonly x: number;
  readonly size: number;
  readonly color: typeof INK;
}

/** Return the PDF of these blocks. Lines in a text ("\n") stay lines. */
export async function layoutPdf(blocks: readonly Block[], options: LayoutOptions): Promise<Uint8Array> {
  const document = await newDocument(options.title, options.language);
  const font = await embedFont(document, options.font);
  const pages = pagesOf(blocks.flatMap((block) => stripsOf(block, font)));
  pages.forEach((strips, index) => {
    const page = document.addPage(A4);
    drawPage(page, strips, font.font);
    drawNumber(page, `${index + 1} / ${pages.length}`, font);
  });
  if (options.attachment) await attach(document, options.attachment);
  if (font.lacking.size > 0) options.onLacking?.([...font.lacking]);
  return bytesOf(document);
}

function stripsOf(block: Block, font: PaperFont): Strip[] {
  switch (block.kind) {
    case "title":
      return strips(balanced(font.printable(block.text), WIDTH / SIZES.title, font.measure), {
        size: SIZES.title,
        above: 0,
        color: BLUE,
        joined: true,
      });
    case "heading":
      return strips(balanced(font.printable(block.text), WIDTH / SIZES.heading, font.measure), {
        size: SIZES.heading,
        above: 16,
        color: BLUE,
        joined: true,
      });
    case "text":
      return strips(linesOf(block.text, WIDTH, font), { size: SIZES.text, above: 7, color: INK, joined: false });
    case "facts":
      return block.facts.flatMap((fact) => factStrips(fact, font));
    case "list":
      return block.items.flatMap((item) => itemStrips(item, font));
    case "rule":
      return [{ above: 9, height: 3, joined: false, words: [], rule: true }];
  }
}

function strips(
  lines: readonly string[],
  { size, above, color, joined }: { size: number; above: number; color: typeof INK; joined: boolean },
): Strip[] {
  return lines.map((text, index) => ({
    above: index ? 0 : above,
    height: size * LINE_HEIGHT,
    joined,
    words: [{ text, x: LEFT, size, color }],
  }));
}

function linesOf(text: string, width: number, { printable, measure }: PaperFont): string[] {
  return text.split("\n").flatMap((line) => (tidy(line) ? wrap(printable(line), width / SIZES.text, measure) : [""]));
}

function factStrips([name, value]: readonly [string, string], font: PaperFont): Strip[] {
  const names = linesOf(name, NAME_WIDTH - GUTTER, font);
  const values = linesOf(value, WIDTH - NAME_WIDTH, font);
  const size = SIZES.text;
  return Array.from({ length: Math.max(names.length, values.length) }, (_, index) => ({
    above: index ? 0 : 4,
    height: size * LINE_HEIGHT,
    joined: index < names.length - 1,
    words: [
      { text: names[index] ?? "", x: LEFT, size, color: GREY },
      { text: values[index] ?? "", x: LEFT + NAME_WIDTH, size, color: INK },
    ],
  }));
}

function itemStrips(item: string, font: PaperFont): Strip[] {
  const size = SIZES.text;
  return linesOf(item, WIDTH - INDENT, font).map((text, index) => ({
    above: index ? 0 : 3,
    height: size * LINE_HEIGHT,
    joined: false,
    words: [
      ...(index ? [] : [{ text: "・", x: LEFT, size, color: GREY }]),
      { text, x: LEFT + INDENT, size, color: INK },
    ],
  }));
}

/** Share strips out over pages. What belongs together starts a new page together. */
export function pagesOf(strips: readonly Strip[]): Strip[][] {
  const pages: Strip[][] = [[]];
  let left = TOP - BOTTOM;
  for (const group of groupsOf(strips)) {
    const height = group.reduce((sum, one) => sum + one.above + one.height, 0);
    if (height > left && height <= TOP - BOTTOM) {
      pages.push([]);
      left = TOP - BOTTOM;
    }
    for (const strip of group) {
      if (strip.above + strip.height > left) {
        pages.push([]);
        left = TOP - BOTTOM;
      }
      pages.at(-1)?.push(strip);
      left -= strip.above + strip.height;
    }
  }
  return pages.length > 1 ? pages.filter((page) => page.length > 0) : pages;
}

function groupsOf(strips: readonly Strip[]): Strip[][] {
  const groups: Strip[][] = [];
  let open = false;
  for (const strip of strips) {
    if (open) groups.at(-1)?.push(strip);
    else groups.push([strip]);
    open = strip.joined;
  }
  return groups;
}

function drawPage(page: PDFPage, strips: readonly Strip[], font: PDFFont): void {
  let y = TOP;
  strips.forEach((strip, index) => {
    if (index) y -= strip.above;
    for (const { text, x, size, color } of strip.words) {
      if (text) page.drawText(text, { x, y: y - size * ASCENT, size, font, color });
    }
    y -= strip.height;
    if (strip.rule) page.drawLine({ start: { x: LEFT, y }, end: { x: LEFT + WIDTH, y }, color: GOLD, thickness: 0.6 });
  });
}

function drawNumber(page: PDFPage, text: string, { font, measure }: PaperFont): void {
  const size = SIZES.number;
  page.drawText(text, { x: (PAGE_WIDTH - measure(text) * size) / 2, y: NUMBER_LINE, size, font, color: GREY });
}
