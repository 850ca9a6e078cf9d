// A badge on paper: one A4 page to hang up, with its QR code to check it by and the badge itself inside the file.

import { type PDFPage, rgb, setCharacterSpacing } from "@cantoo/pdf-lib";
import { qrMatrix } from "/static/qr.js";
import type { Language, ShownCredential } from "../verify/report";
import { A4, attach, badgeFile, bytesOf, newDocument, POINTS_PER_MILLIMETRE as MM } from "./document";
import { embedFont, type PaperFont } from "./font";
import { balanced, fitted, tidy, wrap } from "./lines";
import { BLUE, drawSeal, GOLD } from "./seal";
import { dayIn, type PaperTexts } from "./texts";

const INK = rgb(0.13, 0.15, 0.18);
const GREY = rgb(0.38, 0.41, 0.45);

const [PAGE_WIDTH, PAGE_HEIGHT] = A4;
const MIDDLE = PAGE_WIDTH / 2;
const OUTER_FRAME = 11 * MM;
const INNER_FRAME = 13 * MM;
const LEFT = 25 * MM;
const WIDTH = PAGE_WIDTH - 2 * LEFT;
const FOOT = 22 * MM;
const SEAL_TOP = PAGE_HEIGHT - 25 * MM;
const SEAL_SIZE = 36 * MM;
const GUTTER = 10 * MM;

const LINE_HEIGHT = 1.45;
/** From the top of a line to its baseline, as a part of its size. */
const ASCENT = 0.95;
/** Tried in this order until everything fits on the page. */
const SCALES = [1, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52, 0.44, 0.36] as const;
const NAME_SIZES = [30, 28, 26, 24, 22, 20, 18] as const;
const HOLDER_SIZES = [25, 23, 21, 19, 17, 15] as const;
const NAME_LINES = 3;

/** No register has such a name, and no page holds it. */
const MOST_LETTERS = 1_000;

const QUIET_ZONE = 4;
/** Millimetres. A scan at 150 dpi has 2.7 dots for each module of this size, which readers manage. */
const SMALLEST_MODULE = 0.45;
const LARGEST_MODULE = 0.6;
const USUAL_SYMBOL = 53;

/** A badge that no page can hold: `code` is "too-long". */
export class PaperError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * What goes onto a certificate. `link` is the badge link, or the verifier's address alone for a badge that no link
 * holds. `holderName` is what the learner typed, or ""; it is nowhere but on the paper.
 */
export interface Content {
  readonly credential: ShownCredential;
  readonly text: string;
  readonly link: string;
  readonly holderName: string;
  readonly language: Language;
  readonly font: Uint8Array;
  readonly texts: PaperTexts;
}

/** How a QR code was printed: without its quiet zone of four modules. */
export interface PrintedQr {
  readonly version: number;
  readonly modules: number;
  readonly moduleMillimetres: number;
  readonly sizeMillimetres: number;
}

/** A certificate. `qr` is null when the badge is too long for any QR code; `lacking` are letters printed as "〓". */
export interface Certificate {
  readonly bytes: Uint8Array;
  readonly qr: PrintedQr | null;
  readonly lacking: readonly string[];
}

interface Row {
  readonly lines: readonly string[];
  readonly size: number;
  readonly color: typeof INK;
  readonly above: number;
  readonly tracking?: number;
  readonly rule?: boolean;
}

interface Sheet {
  readonly page: PDFPage;
  readonly font: PaperFont;
  readonly content: Content;
}

/**
 * Return the certificate of a badge as a PDF of one page.
 * @throws PaperError "too-long": a name, or the list of levels or accreditors, has thousands of letters.
 */
export async function certificatePdf(content: Content): Promise<Certificate> {
  const { credential, holderName, language, texts } = content;
  const names = [
    titleOf(credential),
    issuerOf(credential),
    levelsOf(credential),
    accreditorsOf(credential, texts),
    holderName,
  ];
  if (names.some(({ length }) => length > MOST_LETTERS)) throw new PaperError("too-long");
  const document = await newDocument(titleOf(credential), language);
  const font = await embedFont(document, content.font);
  const sheet = { page: document.addPage(A4), font, content };
  const matrix = content.link.includes("#") ? (qrMatrix(content.link) as boolean[][] | null) : null;
  const qr = matrix && printedQr(matrix.length);
  drawFrame(sheet.page);
  drawSeal(sheet.page, MIDDLE, SEAL_TOP, SEAL_SIZE);
  const top = drawFoot(sheet, matrix, qr);
  drawWords(sheet, top);
  await attach(document, badgeFile(content.text, texts("attachment")));
  return { bytes: await bytesOf(document), qr, lacking: [...font.lacking] };
}

/** Return the size in which a QR code of so many modules is printed. */
export function printedQr(modules: number): PrintedQr {
  const wanted = Math.min(LARGEST_MODULE, Math.max(SMALLEST_MODULE, USUAL_SYMBOL / modules));
  const moduleMillimetres = Math.round(wanted * 100) / 100;
  return {
    version: (modules - 17) / 4,
    modules,
    moduleMillimetres,
    sizeMillimetres: Math.round(modules * moduleMillimetres),
  };
}

function titleOf({ achievement, name }: ShownCredential): string {
  return tidy(achievement.name || name);
}

function issuerOf({ issuer }: ShownCredential): string {
  if (issuer.registered) return tidy(issuer.registered.name);
  const claimed = tidy(issuer.claimedName);
  return claimed && issuer.domain ? `${claimed} (${issuer.domain})` : claimed || issuer.domain || tidy(issuer.id);
}

function levelsOf({ levels }: ShownCredential): string {
  const reached = levels.filter(({ by }) => by === "result");
  const names = (reached.length ? reached : levels).map(({ name, code }) => tidy(name || code));
  return [...new Set(names)].join(" / ");
}

function accreditorsOf({ issuer }: ShownCredential, texts: PaperTexts): string {
  return (issuer.registered?.accreditedBy ?? []).map(tidy).join(texts("and"));
}

function drawFrame(page: PDFPage): void {
  for (const [inset, color, width] of [
    [OUTER_FRAME, BLUE, 1.1],
    [INNER_FRAME, GOLD, 0.5],
  ] as const) {
    page.drawRectangle({
      x: inset,
      y: inset,
      width: PAGE_WIDTH - 2 * inset,
      height: PAGE_HEIGHT - 2 * inset,
      borderColor: color,
      borderWidth: width,
    });
  }
}

/** Draw what a certificate says, between the seal and the foot. */
function drawWords(sheet: Sheet, bottom: number): void {
  const top = SEAL_TOP - SEAL_SIZE;
  const room = top - bottom;
  const { rows, scale } = firstThatFits((factor) => wordRows(sheet, factor), room);
  // A third of what is left goes above: the optical middle lies above the middle.
  let y = top - (room - heightOf(rows)) * 0.36;
  for (const row of rows) y = drawCentred(sheet, row, y, scale);
}

function wordRows({ font, content }: Sheet, scale: number): Row[] {
  const { credential, holderName, language, texts } = content;
  const lay = (text: string, sizes: readonly number[], most: number) =>
    fitted(
      font.printable(text),
      sizes.map((size) => size * scale),
      { width: WIDTH, most, measure: font.measure },
    );
  const rows: Row[] = [
    {
      ...lay(texts("title"), [language === "ja" ? 22 : 20], 1),
      color: BLUE,
      above: 0,
      tracking: language === "ja" ? 14 : 3,
    },
  ];
  if (tidy(holderName)) {
    rows.push({
      ...lay(texts("holder-line", { name: tidy(holderName) }), HOLDER_SIZES, 1),
      color: INK,
      above: 30 * scale,
      rule: true,
    });
  }
  rows.push({ ...lay(titleOf(credential), NAME_SIZES, NAME_LINES), color: BLUE, above: 30 * scale });
  const levels = levelsOf(credential);
  if (levels) rows.push({ ...lay(levels, [13], 9), color: INK, above: 10 * scale });
  rows.push({ ...lay(texts("statement", { issuer: issuerOf(credential) }), [11.5], 9), color: INK, above: 30 * scale });
  return rows;
}

function firstThatFits(make: (scale: number) => Row[], room: number): { rows: Row[]; scale: number } {
  for (const scale of SCALES) {
    const rows = make(scale);
    if (heightOf(rows) <= room) return { rows, scale };
  }
  throw new PaperError("too-long");
}

function heightOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { lines, size, above }) => sum + above + lines.length * size * LINE_HEIGHT, 0);
}

function drawCentred({ page, font }: Sheet, row: Row, top: number, scale: number): number {
  let y = top - row.above;
  const tracking = (row.tracking ?? 0) * scale;
  for (const line of row.lines) {
    const width = font.measure(line) * row.size + tracking * ([...line].length - 1);
    page.pushOperators(setCharacterSpacing(tracking));
    page.drawText(line, {
      x: MIDDLE - width / 2,
      y: y - row.size * ASCENT,
      size: row.size,
      font: font.font,
      color: row.color,
    });
    page.pushOperators(setCharacterSpacing(0));
    y -= row.size * LINE_HEIGHT;
  }
  if (row.rule) drawRule(page, MIDDLE - WIDTH * 0.3, y - 3, WIDTH * 0.6);
  return y;
}

function drawRule(page: PDFPage, x: number, y: number, width: number): void {
  page.drawLine({ start: { x, y }, end: { x: x + width, y }, color: GOLD, thickness: 0.6 });
}

/** Draw who issued it and when, and how to check it; return where that begins. */
function drawFoot(sheet: Sheet, matrix: boolean[][] | null, qr: PrintedQr | null): number {
  const side = qr ? (qr.modules + 2 * QUIET_ZONE) * qr.moduleMillimetres * MM : 0;
  const captions = captionRows(sheet, qr, side || WIDTH);
  const column = WIDTH - (side ? side + GUTTER : 0);
  const codeHeight = side + heightOf(captions);
  const room = Math.max(codeHeight, 95 * MM);
  const { rows } = firstThatFits((scale) => factRows(sheet, column, scale), room);
  const height = Math.max(side ? codeHeight : heightOf(captions) + heightOf(rows), heightOf(rows));
  const top = FOOT + height;
  drawRule(sheet.page, LEFT, top + 6 * MM, WIDTH);
  const x = LEFT + WIDTH - side;
  if (matrix && qr) drawQr(sheet.page, matrix, { x, y: top, module: qr.moduleMillimetres * MM });
  drawColumn(sheet, rows, LEFT, top);
  drawColumn(
    sheet,
    captions,
    side ? x + QUIET_ZONE * (qr?.moduleMillimetres ?? 0) * MM : LEFT,
    top - (side || heightOf(rows)),
  );
  return top + 6 * MM;
}

function factRows({ font, content }: Sheet, width: number, scale: number): Row[] {
  const { credential, holderName, language, texts } = content;
  const lay = (text: string, size: number) => ({ lines: wrap(font.printable(text), width / size, font.measure), size });
  const facts = [
    [texts("issuer"), issuerOf(credential)],
    [texts("day"), dayIn(language, credential.awardedDate ?? credential.validFrom)],
    [texts("until"), dayIn(language, credential.validUntil)],
    [texts("accredited"), accreditorsOf(credential, texts)],
  ] as const;
  const rows = facts
    .filter(([, value]) => value !== "")
    .flatMap(([label, value], index): Row[] => [
      { ...lay(label, 7.5 * scale), color: GREY, above: index ? 7 * scale : 0 },
      { ...lay(value, 11 * scale), color: INK, above: 0 },
    ]);
  const note = (text: string) => ({
    lines: balanced(font.printable(text), width / (7.5 * scale), font.measure),
    size: 7.5 * scale,
    color: GREY,
  });
  rows.push({ ...note(texts("how-to-check")), above: 14 * scale });
  if (tidy(holderName)) rows.push({ ...note(texts("whose-name")), above: 5 * scale });
  return rows;
}

function captionRows({ font, content }: Sheet, qr: PrintedQr | null, side: number): Row[] {
  const { link, texts } = content;
  const width = side - (qr ? 2 * QUIET_ZONE * qr.moduleMillimetres * MM : 0);
  const lay = (text: string, size: number) => ({
    lines: balanced(font.printable(text), width / size, font.measure),
    size,
  });
  const address = link.replace(/(\/v#.*|\/)?$/s, "/");
  const rows: Row[] = [{ ...lay(texts("check-at", { address }), 7.5), color: INK, above: qr ? 0 : 10 }];
  const words = qr
    ? texts("qr", {
        version: String(qr.version),
        modules: String(qr.modules),
        module: qr.moduleMillimetres.toFixed(2),
        size: String(qr.sizeMillimetres),
      })
    : texts("no-qr");
  rows.push({ ...lay(words, 6), color: GREY, above: 2 });
  return rows;
}

function drawColumn({ page, font }: Sheet, rows: readonly Row[], x: number, top: number): void {
  let y = top;
  for (const { lines, size, color, above } of rows) {
    y -= above;
    for (const line of lines) {
      page.drawText(line, { x, y: y - size * ASCENT, size, font: font.font, color });
      y -= size * LINE_HEIGHT;
    }
  }
}

/** Draw a QR code and its quiet zone as one shape: between shapes of their own, renderers leave hair lines. */
function drawQr(
  page: PDFPage,
  matrix: readonly (readonly boolean[])[],
  { x, y, module }: { x: number; y: number; module: number },
): void {
  const strokes = matrix.flatMap((row, line) =>
    runs(row).map(([start, length]) => `M${start + QUIET_ZONE} ${line + QUIET_ZONE}h${length}v1h-${length}z`),
  );
  page.drawSvgPath(strokes.join(""), { x, y, scale: module, color: rgb(0, 0, 0) });
}

/** Return where runs of dark modules start, and how long they are. */
function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  row.forEach((dark, index) => {
    const last = found.at(-1);
    if (dark && last && last[0] + last[1] === index) last[1] += 1;
    else if (dark) found.push([index, 1]);
  });
  return found;
}
