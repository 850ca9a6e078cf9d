// The standards' documents as tests read them: from the files that the Python code reads, too.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../src/json";

const SCHEMAS = fileURLToPath(new URL("../../../../schemas/", import.meta.url));

/** Return the JSON files of a folder of schemas/ by their names without `.json`. */
export function filesOf(folder: string): Record<string, JsonObject> {
  const names = readdirSync(`${SCHEMAS}${folder}`).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(names.map((name) => [name.slice(0, -".json".length), read(`${folder}/${name}`)]));
}

function read(path: string): JsonObject {
  return JSON.parse(readFileSync(`${SCHEMAS}${path}`, "utf-8")) as JsonObject;
}
