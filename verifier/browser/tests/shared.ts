// The shared test material, outside this repository: vectors of the standards, and the pinned documents beside it.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";

const FOLDER = process.env["AKASHI_SHARED"] ?? "";

/** Return a folder of the shared material; without it the test is skipped, or in CI, where nothing may be missing, fails. */
export function shared(context: TestContext, ...path: string[]): string {
  const folder = join(FOLDER, ...path);
  if (FOLDER !== "" && existsSync(folder)) return folder;
  if (process.env["CI"] === "true") throw new Error("needs the shared test material; set AKASHI_SHARED");
  return context.skip("needs the shared test material; set AKASHI_SHARED");
}

/** Return what a JSON file holds; its type is for the test to know. */
export function readJson<Value>(...path: string[]): Value {
  return JSON.parse(readFileSync(join(...path), "utf8")) as Value;
}
