// Bytes to JSON, refusing whatever two parsers would read differently (RFC 8259 section 9, RFC 7493): the counterpart of
// badges/strict_json.py.

import { MalformedDocumentError } from "./errors";
import { isObject, type Json, type JsonObject } from "./json";
import { endOfString, find, findUnwhole } from "./json-faults";

export const MAX_BYTES = 1_048_576; // a badge with its pictures inlined; what is longer travels otherwise
export const MAX_DEPTH = 32; // the deepest real badge measured has 12 levels
export const MAX_MEMBERS = 10_000; // of a document of `MAX_BYTES`; a longer one may have more in proportion
const MAX_DIGITS = 25; // 64-bit numbers with room
const PARSER_DEPTH = 996; // where the server's parser gives up on a text, whatever of it is kept
const NUL = "\\u0000";
const BYTE_ORDER_MARKS = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
] as const;
const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 64n - 1n;

const unwhole = new WeakMap<object, ReadonlySet<string>>();

/**
 * Return the JSON value; its objects have no prototype, and whatever members the text gives them.
 *
 * @throws MalformedDocumentError "too-large", "not-utf-8" (UTF-16 and a byte order mark included), "nul-character",
 *   "too-deep", "too-many-members", "too-long-number"; with their place "duplicate-member", "not-finite" (NaN,
 *   infinities) and "lone-surrogate"; or "not-json" for the rest.
 */
export function parse(data: Uint8Array | string, maxBytes: number = MAX_BYTES): Json {
  const bytes = encoded(data);
  if (bytes.length > maxBytes) throw new MalformedDocumentError("too-large", { params: { limit: String(maxBytes) } });
  requirePlainUtf8(bytes);
  // Damage becomes U+FFFD and takes no ASCII character with it, so that the structure can be told all the same.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (hasNul(text)) throw new MalformedDocumentError("nul-character");
  const structure = measure(text);
  if (!isUtf8(bytes)) throw structure.depth > MAX_DEPTH ? tooDeep() : new MalformedDocumentError("not-json");
  const value = read(text, structure);
  if (value === undefined) throw notJson(text, structure);
  requireOneReading(value, text, structure, MAX_MEMBERS * Math.max(1, Math.floor(maxBytes / MAX_BYTES)));
  if (structure.unwhole) noteUnwhole(value, text);
  return value;
}

/**
 * Return the JSON object; see `parse`.
 *
 * @throws MalformedDocumentError as `parse`, or "not-an-object".
 */
export function parseObject(data: Uint8Array | string, maxBytes: number = MAX_BYTES): JsonObject {
  const value = parse(data, maxBytes);
  if (!isObject(value)) throw new MalformedDocumentError("not-an-object");
  return value;
}

/**
 * Tell whether a member of a parsed object is a whole number that its text spells as one: not 1.0, not 1e3, not beyond
 * 64 bits. JavaScript cannot tell these apart afterwards, other languages do.
 */
export function isInteger(owner: Readonly<JsonObject>, name: string): boolean {
  return Number.isInteger(owner[name]) && !unwhole.get(owner)?.has(name);
}

/** What a text holds outside its strings. */
interface Structure {
  readonly members: number;
  readonly depth: number;
  readonly longNumber: boolean;
  /** Whether a number becomes infinite here, and is refused elsewhere. */
  readonly infinite: boolean;
  /** Whether a number is whole, and not spelt as an integer of 64 bits. */
  readonly unwhole: boolean;
}

function encoded(data: Uint8Array | string): Uint8Array {
  if (typeof data !== "string") return data;
  if (/\p{Surrogate}/u.test(data)) throw new MalformedDocumentError("not-utf-8");
  return new TextEncoder().encode(data);
}

function requirePlainUtf8(bytes: Uint8Array): void {
  const marked = BYTE_ORDER_MARKS.some((mark) => mark.every((byte, index) => bytes[index] === byte));
  if (marked || bytes.includes(0)) throw new MalformedDocumentError("not-utf-8");
}

/** Tell whether an escape stands for NUL: PostgreSQL cannot store it, C programs stop reading there, no name needs it. */
function hasNul(text: string): boolean {
  for (let at = text.indexOf(NUL); at >= 0; at = text.indexOf(NUL, at + 1)) {
    let start = at;
    while (text[start - 1] === "\\") start -= 1;
    // An even number of backslashes before it: the escape itself.
    if ((at - start) % 2 === 0) return true;
  }
  return false;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Return the value, or undefined for what is no JSON or what other parsers refuse. */
function read(text: string, structure: Structure): Json | undefined {
  if (structure.infinite || structure.depth > PARSER_DEPTH || hasLoneSurrogate(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Tell whether an escape stands for half a character. */
function hasLoneSurrogate(text: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false;
  const whole = text.replace(/\\\\/g, " ").replace(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g, "");
  return /\\u[dD][89a-fA-F]/.test(whole);
}

function notJson(text: string, structure: Structure): MalformedDocumentError {
  if (structure.depth > MAX_DEPTH) return tooDeep();
  const { code, pointer } = find(text);
  return new MalformedDocumentError(code, { pointer });
}

function tooDeep(): MalformedDocumentError {
  return new MalformedDocumentError("too-deep", { params: { limit: String(MAX_DEPTH) } });
}

function requireOneReading(value: Json, text: string, structure: Structure, limit: number): void {
  const { members, depth } = settle(value);
  if (depth > MAX_DEPTH) throw tooDeep();
  if (structure.longNumber) throw new MalformedDocumentError("too-long-number");
  if (structure.members > limit) {
    throw new MalformedDocumentError("too-many-members", { params: { limit: String(limit) } });
  }
  // Outside strings a colon stands for one member, so the text has as many members as colons; the parsed value has
  // fewer exactly when some stood twice.
  if (structure.members !== members) {
    const { code, pointer } = find(text);
    throw new MalformedDocumentError(code, { pointer });
  }
}

/** Take the prototypes from all objects in a value, and return how many members these have and how deep they nest. */
function settle(value: Json): { members: number; depth: number } {
  let members = 0;
  let depth = 0;
  let layer = [value].filter(isContainer);
  for (; layer.length > 0 && depth <= MAX_DEPTH; depth += 1) {
    const next: (Json[] | JsonObject)[] = [];
    for (const container of layer) {
      if (!Array.isArray(container)) Object.setPrototypeOf(container, null);
      const inside = Array.isArray(container) ? container : Object.values(container);
      if (!Array.isArray(container)) members += inside.length;
      for (const one of inside) if (isContainer(one)) next.push(one);
    }
    layer = next;
  }
  return { members, depth };
}

function isContainer(value: Json): value is Json[] | JsonObject {
  return typeof value === "object" && value !== null;
}

/** Return what stands outside the strings of a text, which need not be JSON. */
function measure(text: string): Structure {
  const measured = { members: 0, depth: 0, longNumber: false, infinite: false, unwhole: false };
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at);
    else if (character === ":") measured.members += 1;
    else if (character === "[" || character === "{") measured.depth = Math.max(measured.depth, (depth += 1));
    else if (character === "]" || character === "}") depth -= 1;
    else if (isOfNumber(character)) at = measureNumber(text, at, measured);
  }
  return measured;
}

type Measured = { -readonly [name in keyof Structure]: Structure[name] };

/** Note a number, and return the place of its last character. */
function measureNumber(text: string, start: number, measured: Measured): number {
  let end = start + 1;
  while (end < text.length && isOfNumber(text.charAt(end))) end += 1;
  const digits = text.slice(start, end);
  const number = Number(digits);
  measured.longNumber ||= digits.length > MAX_DIGITS;
  measured.infinite ||= Math.abs(number) === Infinity;
  measured.unwhole ||= Number.isInteger(number) && !isSpeltAsInteger(digits);
  return end - 1;
}

function isOfNumber(character: string): boolean {
  return (character >= "0" && character <= "9") || "-+.eE".includes(character);
}

function isSpeltAsInteger(digits: string): boolean {
  if (!/^-?[0-9]+$/.test(digits)) return false;
  // Half of these digits fit in 64 bits, whatever they are.
  if (digits.length < 19) return true;
  const number = BigInt(digits);
  return number >= LEAST_INTEGER && number <= GREATEST_INTEGER;
}

function noteUnwhole(value: Json, text: string): void {
  for (const { path, name } of findUnwhole(
    text,
    (digits) => Number.isInteger(Number(digits)) && !isSpeltAsInteger(digits),
  )) {
    const owner = path.reduce<Json>((inside, step) => (inside as JsonObject)[step] ?? null, value);
    if (!isObject(owner)) continue;
    unwhole.set(owner, new Set([...(unwhole.get(owner) ?? []), name]));
  }
}
