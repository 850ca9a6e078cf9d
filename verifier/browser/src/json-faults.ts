// Where a text breaks the rules of strict JSON: looked for only once it is known that it does, to tell its author. It
// reads leniently, and marks what a strict reader refuses; the counterpart of badges/json_faults.py.

import { escape } from "./errors";

const NOT_FINITE = Symbol("NaN or Infinity");
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORDS = new Map<string, unknown>([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", NOT_FINITE],
  ["Infinity", NOT_FINITE],
  ["-Infinity", NOT_FINITE],
]);

/** A number as it was spelt. */
class Spelling {
  constructor(readonly digits: string) {}
}

/** An object; `repeated` is the first name that it has twice. */
class Members {
  readonly values = new Map<string, unknown>();
  repeated: string | null = null;

  add(name: string, value: unknown): void {
    if (this.values.has(name)) this.repeated ??= name;
    this.values.set(name, value);
  }
}

/**
 * Return the code and the JSON Pointer of the first fault: "duplicate-member", "not-finite" or "lone-surrogate", outer
 * ones first. Anything else, such as a missing bracket, is "not-json" at "".
 */
export function find(text: string): { code: string; pointer: string } {
  const pending = [{ value: readLeniently(text), pointer: "" }];
  for (const { value, pointer } of pending) {
    const fault = faultOf(value, pointer);
    if (fault) return fault;
    if (Array.isArray(value)) {
      for (const [index, inside] of value.entries()) pending.push({ value: inside, pointer: `${pointer}/${index}` });
    } else if (value instanceof Members) {
      for (const [name, inside] of value.values) pending.push({ value: inside, pointer: `${pointer}/${escape(name)}` });
    }
  }
  return { code: "not-json", pointer: "" };
}

/** Return the members of objects whose number is spelt in a way that `isSought`: the steps to the object, the name. */
export function findUnwhole(
  text: string,
  isSought: (digits: string) => boolean,
): { path: readonly string[]; name: string }[] {
  const found: { path: readonly string[]; name: string }[] = [];
  const pending: { value: unknown; path: readonly string[] }[] = [{ value: readLeniently(text), path: [] }];
  for (const { value, path } of pending) {
    if (Array.isArray(value)) {
      for (const [index, inside] of value.entries()) pending.push({ value: inside, path: [...path, String(index)] });
    } else if (value instanceof Members) {
      for (const [name, inside] of value.values) {
        if (inside instanceof Spelling && isSought(inside.digits)) found.push({ path, name });
        pending.push({ value: inside, path: [...path, name] });
      }
    }
  }
  return found;
}

/** Return the place of the quotation mark that ends a string, or of the text's last character. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") at += 1;
    else if (character === '"') return at;
  }
  return text.length - 1;
}

function faultOf(value: unknown, pointer: string): { code: string; pointer: string } | null {
  if (value === NOT_FINITE) return { code: "not-finite", pointer };
  if (typeof value === "string" && hasSurrogate(value)) return { code: "lone-surrogate", pointer };
  if (!(value instanceof Members)) return null;
  if (value.repeated !== null) return { code: "duplicate-member", pointer: `${pointer}/${escape(value.repeated)}` };
  return [...value.values.keys()].some(hasSurrogate) ? { code: "lone-surrogate", pointer } : null;
}

/** Tell whether half a character stands in a text. */
function hasSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** Return the value, or undefined for what is not even leniently JSON. */
function readLeniently(text: string): unknown {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Return the value that is the whole text. */
  whole(): unknown {
    const value = this.value();
    this.take(SPACE);
    if (this.at !== this.text.length) throw new SyntaxError("more than one value");
    return value;
  }

  private value(): unknown {
    this.take(SPACE);
    switch (this.text[this.at]) {
      case "{":
        return this.members();
      case "[":
        return this.items();
      case '"':
        return this.string();
    }
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const digits = this.take(NUMBER);
    if (!digits) throw new SyntaxError("no value");
    return new Spelling(digits);
  }

  private members(): Members {
    const members = new Members();
    this.sequence("}", () => {
      this.take(SPACE);
      const name = this.string();
      this.take(SPACE);
      this.require(":");
      members.add(name, this.value());
    });
    return members;
  }

  private items(): unknown[] {
    const items: unknown[] = [];
    this.sequence("]", () => items.push(this.value()));
    return items;
  }

  private sequence(closing: string, readOne: () => void): void {
    this.at += 1;
    this.take(SPACE);
    if (this.text[this.at] === closing) {
      this.at += 1;
      return;
    }
    for (;;) {
      readOne();
      this.take(SPACE);
      if (this.text[this.at] === closing) break;
      this.require(",");
    }
    this.at += 1;
  }

  private string(): string {
    if (this.text[this.at] !== '"') throw new SyntaxError("no string");
    const start = this.at;
    this.at = endOfString(this.text, start) + 1;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private require(character: string): void {
    if (this.text[this.at] !== character) throw new SyntaxError("another character than the grammar's");
    this.at += 1;
  }

  /** Return what the pattern finds at this place, and pass over it. */
  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}
