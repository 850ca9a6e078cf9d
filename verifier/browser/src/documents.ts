// The standard's documents that a page works by: pinned by the verifier, fetched from it as data, and handed in.

import type { JsonObject } from "./json";

/** The counterpart of schemas/: what its files hold, as JSON, under the names that our code knows them by. */
export interface StandardDocuments {
  /** JSON-LD contexts by their URL. */
  readonly contexts: Readonly<Record<string, JsonObject>>;
  /** JSON Schemas by file name without `_schema.json`, such as `ob_v3p0_achievementcredential`. */
  readonly schemas: Readonly<Record<string, JsonObject>>;
  /** Skill standards and crosswalks by file name without `.json`, such as `dss-p-2.0`. */
  readonly frameworks: Readonly<Record<string, JsonObject>>;
}
