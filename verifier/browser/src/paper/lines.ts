// Text in lines, as Japanese and Latin typography break them. Widths come from a measure: what one size-1 line would take.

export type Measure = (text: string) => number;

/** A text laid out: its lines and the size at which each fits. */
export interface Fitted {
  readonly lines: readonly string[];
  readonly size: number;
}

/** May not begin a line (JIS X 4051: closing brackets, commas, small kana, marks that prolong or repeat). */
const NOT_FIRST =
  /^[、。，．・：；？！,.:;?!゛゜ヽヾゝゞ々〻ー）〕］｝〉》」』】〙〗〟’”»)\]}｠ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰ-ㇿ‐–〜～…‥%％℃]/u;
/** May not end a line: opening brackets. */
const NOT_LAST = /[（〔［｛〈《「『【〘〖〝‘“«(\[{｟]$/u;
/** A word of an alphabet with its marks, a run of spaces, or one other letter with all that combines with it. */
const PIECE =
  /[\u0021-\u052f\u1e00-\u1eff\u2010-\u201f]\p{M}*(?:[\u0021-\u052f\u1e00-\u1eff\u2010-\u201f]|\p{M})*|\s+|\P{M}\p{M}*|\p{M}+/gu;
const HIRAGANA = /^[\u3041-\u309f]+$/u;
/** Narrower tries than this make no better line. */
const BALANCE_STEPS = 12;

/** Return a text without line breaks and double spaces, its letters composed. */
export function tidy(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}

/** Return a text in lines no wider than `width`, none of which begins or ends with what may not stand there. */
export function wrap(text: string, width: number, measure: Measure): string[] {
  return filled(glued(tidy(text).match(PIECE) ?? []), width, measure);
}

/** Return a title in as few lines as fit, of about the same length, broken between phrases where that takes no more. */
export function balanced(text: string, width: number, measure: Measure): string[] {
  const letters = glued(tidy(text).match(PIECE) ?? []);
  const phrases = glued(phrasesOf(tidy(text)));
  const fewest = filled(letters, width, measure).length;
  const pieces = filled(phrases, width, measure).length <= fewest ? phrases : letters;
  let lines = filled(pieces, width, measure);
  for (let step = 1; step < BALANCE_STEPS && fewest > 1; step += 1) {
    const narrower = filled(pieces, (width * (BALANCE_STEPS - step)) / BALANCE_STEPS, measure);
    if (narrower.length > lines.length) break;
    lines = narrower;
  }
  return lines;
}

/** Return a title at the first of the sizes at which it takes no more than `most` lines, else at the last of them. */
export function fitted(
  text: string,
  sizes: readonly number[],
  { width, most, measure }: { width: number; most: number; measure: Measure },
): Fitted {
  let fit: Fitted = { lines: [], size: 0 };
  for (const size of sizes) {
    fit = { lines: balanced(text, width / size, measure), size };
    if (fit.lines.length <= most) break;
  }
  return fit;
}

/** Join pieces that a line break may not part. */
function glued(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    const inseparable =
      before !== undefined && !/\s$/u.test(before) && (NOT_FIRST.test(piece) || NOT_LAST.test(before));
    if (inseparable) joined[joined.length - 1] = before + piece;
    else joined.push(piece);
  }
  return joined;
}

/** Return the words of a text, each with the kana that inflect it. */
function phrasesOf(text: string): string[] {
  const phrases: string[] = [];
  for (const { segment } of new Intl.Segmenter("ja", { granularity: "word" }).segment(text)) {
    const before = phrases.at(-1);
    const goesOn =
      before !== undefined && !/\s$/u.test(before) && (HIRAGANA.test(segment) || (isLatin(before) && isLatin(segment)));
    if (goesOn) phrases[phrases.length - 1] = before + segment;
    else phrases.push(segment);
  }
  return phrases;
}

function isLatin(text: string): boolean {
  return /^[\p{Script=Latin}\p{Nd}\p{P}]+$/u.test(text) && !/[\u3000-\u30ff\uff00-\uffef]/u.test(text);
}

function filled(pieces: readonly string[], width: number, measure: Measure): string[] {
  const lines = [""];
  for (const piece of pieces.flatMap((one) => (measure(one.trimEnd()) > width ? broken(one, width, measure) : [one]))) {
    const line = lines[lines.length - 1] ?? "";
    if (line !== "" && measure((line + piece).trimEnd()) > width) lines.push(piece.trimStart());
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** Return a piece that is wider than a line in parts that are not; of one that no rule lets us part, in its letters. */
function broken(piece: string, width: number, measure: Measure): string[] {
  const parts = glued(piece.match(PIECE) ?? []);
  if (parts.length > 1)
    return parts.flatMap((part) => (measure(part) > width ? letters(part, width, measure) : [part]));
  return letters(piece, width, measure);
}

function letters(piece: string, width: number, measure: Measure): string[] {
  const parts = [""];
  for (const letter of piece.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []) {
    const part = parts[parts.length - 1] ?? "";
    if (part !== "" && measure(part + letter) > width) parts.push(letter);
    else parts[parts.length - 1] = part + letter;
  }
  return parts;
}
