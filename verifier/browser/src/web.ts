// A page's way to what issuers and the registry publish: by the verifier, which fetches under guard. Pages connect to no
// other host.

import type { StandardDocuments } from "./documents";
import { isObject, member, type JsonObject } from "./json";
import { UnreachableError, type Web } from "./verify/web";

/** How a page asks its own server: `fetch`, or a test's. */
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

const MAX_MILLISECONDS = 15_000; // the server itself gives up on others after ten seconds
const DID_DOCUMENT = /^https:\/\/([a-z0-9.-]+)(?::([0-9]+))?\/(.+)\/did\.json$/;
const KEY_SET = /^(https:\/\/[^/?#]+)\/\.well-known\/jwks\.json$/;
const WELL_KNOWN = ".well-known";

/** What the server says of documents that it does not hand over, as a verification knows it. */
const CODES: Readonly<Record<string, string>> = {
  "list-url-not-allowed": "not-allowed",
  "bad-did": "not-allowed",
  "list-unreachable": "no-answer",
  "key-unreachable": "no-answer",
};

/** What stands for a key document that the server read and refused: reading it here comes to the same finding. */
const STAND_INS: Readonly<Record<string, string>> = { "key-document-unreadable": "", "unusable-key": "{}" };

/**
 * The web, as far as the verifier hands it over: DID documents of did:web and JWK sets, read anew and written by it, and
 * status lists as they were signed.
 *
 * `get` rejects with `UnreachableError`; of a list that the server refused, its code says why: "list-not-authentic" and
 * so on, as `ListError` has them.
 */
export class PageWeb implements Web {
  constructor(private readonly ask: Fetch = ownFetch) {}

  async get(url: string, accept: string): Promise<Uint8Array> {
    const issuer = issuerOf(url);
    if (issuer === null) return this.read(`/v1/status-lists?url=${encodeURIComponent(url)}`, accept);
    const answer = await this.read(`/v1/keys?did=${encodeURIComponent(issuer)}`, "application/json");
    const content: unknown = JSON.parse(new TextDecoder().decode(answer) || "null");
    const document = member(content, "document") ?? member(content, "keySet");
    return document === undefined ? answer : new TextEncoder().encode(JSON.stringify(document));
  }

  private async read(path: string, accept: string): Promise<Uint8Array> {
    const answer = await reach(this.ask, path, accept);
    if (answer.ok) return bytesOf(answer);
    const code = await codeOf(answer);
    const standIn = STAND_INS[code];
    if (standIn !== undefined) return new TextEncoder().encode(standIn);
    throw new UnreachableError(CODES[code] ?? code);
  }
}

/** Return whose keys stand at a URL, as the server is asked for them; null for a URL of something else. */
function issuerOf(url: string): string | null {
  const [, keySetOf] = KEY_SET.exec(url) ?? [];
  if (keySetOf !== undefined) return keySetOf;
  const [, host, port, path] = DID_DOCUMENT.exec(url) ?? [];
  if (host === undefined || path === undefined) return null;
  const segments = path === WELL_KNOWN ? [] : path.split("/");
  return ["did:web", port === undefined ? host : `${host}%3A${port}`, ...segments].join(":");
}

/**
 * Return the pinned contexts, schemas and skill standards.
 *
 * @throws UnreachableError if they cannot be read.
 */
export async function loadDocuments(ask: Fetch = ownFetch): Promise<StandardDocuments> {
  const [contexts, schemas, frameworks] = await Promise.all([
    loadData("contexts", ask),
    loadData("schemas", ask),
    loadData("frameworks", ask),
  ]);
  return { contexts, schemas, frameworks };
}

/**
 * Return the newest snapshot of the register, a compact JWS; null if this verifier has none.
 *
 * Without a connection the service worker answers with the last one that was read here; its own date says how old it is.
 *
 * @throws UnreachableError if there is neither a connection nor an older one.
 */
export async function loadRegistry(ask: Fetch = ownFetch): Promise<string | null> {
  const answer = await reach(ask, "/v1/registry", "application/jose");
  if (answer.ok) return (await textOf(answer)).trim();
  const code = await codeOf(answer);
  if (code === "no-registry") return null;
  throw new UnreachableError(code);
}

async function loadData(name: string, ask: Fetch): Promise<Record<string, JsonObject>> {
  const answer = await reach(ask, `/data/${name}.json`, "application/json");
  if (!answer.ok) throw new UnreachableError("http-status");
  return JSON.parse(await textOf(answer)) as Record<string, JsonObject>;
}

function ownFetch(path: string, init?: RequestInit): Promise<Response> {
  return fetch(path, init);
}

async function reach(ask: Fetch, path: string, accept: string): Promise<Response> {
  try {
    return await ask(path, { headers: { Accept: accept }, signal: AbortSignal.timeout(MAX_MILLISECONDS) });
  } catch (cause) {
    throw new UnreachableError(isTimeout(cause) ? "timeout" : "no-answer", { cause });
  }
}

async function bytesOf(answer: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch (cause) {
    throw new UnreachableError(isTimeout(cause) ? "timeout" : "no-answer", { cause });
  }
}

async function textOf(answer: Response): Promise<string> {
  return new TextDecoder().decode(await bytesOf(answer));
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/** Return the code of a problem document, of a refused list the more exact one; "http-status" for any other answer. */
async function codeOf(answer: Response): Promise<string> {
  const problem = parsed(await textOf(answer));
  const [error] = isObject(problem) && Array.isArray(problem.errors) ? problem.errors : [];
  const code = member(problem, "code") === "list-refused" ? member(error, "code") : member(problem, "code");
  return typeof code === "string" ? code : "http-status";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
