// Vectors of others, which the repository does not hold: where they are, or why a test is skipped.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";

const SHARED = process.env["AKASHI_SHARED"];

/** As `test`, for what needs the shared vectors: skipped without them, and in CI, where they must be, failed. */
export const testOfVectors = SHARED || process.env["CI"] === "true" ? test : test.skip;

/** Return the bytes of a file of vectors. */
export function vector(...path: string[]): Uint8Array {
  return Uint8Array.from(readFileSync(join(folder(), ...path)));
}

/** Return a file of vectors in JSON. */
export function jsonVector<Content>(...path: string[]): Content {
  return JSON.parse(new TextDecoder().decode(vector(...path))) as Content;
}

/** Return the names of the files in a folder of vectors. */
export function vectorNames(...path: string[]): string[] {
  return readdirSync(join(folder(), ...path)).sort();
}

function folder(): string {
  if (!SHARED) throw new Error("needs AKASHI_SHARED, the folder whose vectors/ holds the standards' own");
  return join(SHARED, "vectors");
}
