// Shares at the verifier's server: it keeps ciphertext and digests, and sees neither root key nor passcode.

import type { JsonObject } from "../json";
import { parseObject } from "../strict-json";
import { decrypt, digest, encrypt, newRoot, shareId, shareKeys, shareLink, ShareError } from "./crypto";

const MAX_ANSWER_BYTES = 524_288; // 256 KiB of ciphertext, and what is around it
const MAX_DAYS = 90;
const NO_SHARE = 404;
const TOO_MANY = 429;

/** Sends a request to the verifier's own server. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** The page's own way to send. */
export const byFetch: Send = (path, init) => fetch(path, init);

/** A share that this browser made. `manage` revokes it and shows its views; `link` opens it. */
export interface MadeShare {
  readonly id: string;
  readonly link: string;
  readonly manage: string;
  readonly expires: string;
  readonly passcode: boolean;
}

/** How a share stands: until when, how often it was opened, how many wrong passcodes it still takes. */
export interface ShareState {
  readonly expires: string;
  readonly views: number;
  readonly attemptsLeft: number;
}

/** What a new share is made of. */
export interface NewShare {
  /** From `newManagingToken`; its `shareId` is the nonce of the presentation. */
  readonly manage: string;
  readonly presentation: string;
  readonly days: number;
  readonly passcode: string | null;
  /** The verifier's origin, which the link begins with. */
  readonly verifier: string;
}

/**
 * Encrypt a presentation, let the server keep it, and return the share.
 *
 * @throws ShareError "passcode-too-short", "bad-expiry" (other than 1 to 90 days), "too-many-requests",
 *   "server-refused", "server-unreachable".
 * @throws MalformedDocumentError "too-large".
 */
export async function makeShare(
  { manage, presentation, days, passcode, verifier }: NewShare,
  send: Send,
): Promise<MadeShare> {
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) throw new ShareError("bad-expiry");
  const root = newRoot();
  const keys = await shareKeys(root, passcode);
  const [access, open, managing] = await Promise.all([keys.access, keys.open, manage].map(digest));
  const jwe = await encrypt(presentation, keys.content);
  const answer = await ask(send, "/v1/shares", json("POST", { jwe, expires: days, access, open, manage: managing }));
  const id = await shareId(manage);
  const link = shareLink(verifier, { id, root, passcode: passcode !== null });
  return { id, link, manage, expires: text(answer, "expires"), passcode: passcode !== null };
}

/**
 * Return the presentation that a share holds, and until when it can be opened.
 *
 * @param passcode As typed, or null if the link says that there is none. A wrong one uses up one of ten attempts.
 * @throws ShareError "no-share": unknown, expired, revoked, used up, or another passcode: the server does not say which;
 *   "passcode-too-short", "damaged-share", "too-many-requests", "server-refused", "server-unreachable".
 * @throws MalformedDocumentError what is inside is no text of at most 256 KiB.
 */
export async function openShare(
  { id, root }: { readonly id: string; readonly root: Uint8Array },
  passcode: string | null,
  send: Send,
): Promise<{ presentation: string; expires: string }> {
  const { access, open, content } = await shareKeys(root, passcode);
  const answer = await ask(send, `/v1/shares/${id}/open`, json("POST", { access, open }));
  return { presentation: await decrypt(text(answer, "jwe"), content), expires: text(answer, "expires") };
}

/**
 * Return how a share stands.
 *
 * @throws ShareError "no-share" once it has expired, was revoked or used up; "server-unreachable" and so on.
 */
export async function shareState({ id, manage }: Pick<MadeShare, "id" | "manage">, send: Send): Promise<ShareState> {
  const answer = await ask(send, `/v1/shares/${id}`, { method: "GET", headers: bearer(manage) });
  return {
    expires: text(answer, "expires"),
    views: number(answer, "views"),
    attemptsLeft: number(answer, "attemptsLeft"),
  };
}

/**
 * Revoke a share: the server deletes the ciphertext, and the link is dead. One that is gone already counts as revoked.
 *
 * @throws ShareError "too-many-requests", "server-refused", "server-unreachable".
 */
export async function revokeShare({ id, manage }: Pick<MadeShare, "id" | "manage">, send: Send): Promise<void> {
  try {
    await ask(send, `/v1/shares/${id}`, { method: "DELETE", headers: bearer(manage) });
  } catch (error) {
    if (!(error instanceof ShareError && error.code === "no-share")) throw error;
  }
}

async function ask(send: Send, path: string, init: RequestInit): Promise<JsonObject> {
  const answer = await answered(send, path, init);
  if (answer.status === NO_SHARE) throw new ShareError("no-share");
  if (answer.status === TOO_MANY) throw new ShareError("too-many-requests");
  if (!answer.ok) throw new ShareError("server-refused");
  const body = await answer.text();
  return body === "" ? {} : parseObject(body, MAX_ANSWER_BYTES);
}

async function answered(send: Send, path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", ...init });
  } catch {
    throw new ShareError("server-unreachable");
  }
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

function text(answer: JsonObject, name: string): string {
  const value = answer[name];
  if (typeof value !== "string") throw new ShareError("server-refused");
  return value;
}

function number(answer: JsonObject, name: string): number {
  const value = answer[name];
  if (typeof value !== "number") throw new ShareError("server-refused");
  return value;
}
