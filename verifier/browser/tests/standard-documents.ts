// The pinned documents as the repository holds them.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StandardDocuments } from "../src/documents";
import type { JsonObject } from "../src/json";

const SCHEMAS = fileURLToPath(new URL("../../../schemas/", import.meta.url));

function readJson<Content>(...path: string[]): Content {
  return JSON.parse(readFileSync(join(...path), "utf8")) as Content;
}

const INDEX = readJson<{ urls: Record<string, string> }>(SCHEMAS, "digests.json");
const CONTEXTS = Object.entries(INDEX.urls).filter(([, file]) => file.startsWith("contexts/"));

function folder(name: string, ending: string): Record<string, JsonObject> {
  const files = readdirSync(`${SCHEMAS}/${name}`).filter((file) => file.endsWith(ending));
  return Object.fromEntries(files.map((file) => [file.slice(0, -ending.length), readJson(SCHEMAS, name, file)]));
}

export const DOCUMENTS: StandardDocuments = {
  contexts: Object.fromEntries(CONTEXTS.map(([url, file]) => [url, readJson(SCHEMAS, file)])),
  schemas: folder("json-schema", "_schema.json"),
  frameworks: folder("frameworks", ".json"),
};

/** W3C's context for examples defines every word, and therefore stands in tests only. */
export const EXAMPLES = {
  "https://www.w3.org/ns/credentials/examples/v2": {
    "@context": { "@vocab": "https://www.w3.org/ns/credentials/examples#" },
  },
};
