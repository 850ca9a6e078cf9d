// What hides a share from the server that keeps it: tokens and a content key from one root key, and padded ciphertext
// (docs/presentation.md).

import { compactDecrypt, CompactEncrypt, errors } from "jose";
import { deflate, inflateText, join } from "../compression";
import { MalformedDocumentError } from "../errors";
import * as base64url from "../keys/base64url";
import { MAX_BYTES } from "../presentation";

const KEY_BYTES = 32;
const ID_BYTES = 16;
const ROUNDS = 600_000; // of PBKDF2: whoever holds link and ciphertext still has to pay for each guess
const KIBIBYTE = 1024;
// Above the last one the JWE, a third longer, would not fit the 256 KiB that the server takes.
const BUCKETS = [4, 8, 16, 32, 64, 96, 128, 160, 191].map((size) => size * KIBIBYTE);
const LENGTH_BYTES = 4;
const INFO = {
  access: "akashi share 1 access",
  open: "akashi share 1 open",
  content: "akashi share 1 content",
  passcode: "akashi share 1 passcode salt",
};
export const MIN_PASSCODE = 4; // characters: with ten attempts in a share's life, four digits are guessed once in a thousand

/** What cannot be done with a share; `code` says why: "passcode-too-short", "not-a-share-link", "damaged-share". */
export class ShareError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** What one share's root key, and its passcode if it has one, give. */
export interface ShareKeys {
  /** Shows the server that somebody has the link: without it nobody can use up the attempts. */
  readonly access: string;
  /** Shows the server that somebody has the passcode too; a wrong one costs an attempt. */
  readonly open: string;
  /** Decrypts. The server never learns anything that leads to it. */
  readonly content: Uint8Array<ArrayBuffer>;
}

/** A link to a share, taken apart. */
export interface ShareLink {
  readonly id: string;
  readonly root: Uint8Array<ArrayBuffer>;
  readonly passcode: boolean;
}

/** Return a new root key, which only the fragment of the link will hold. */
export function newRoot(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/**
 * Return the id of the share that a managing token makes; the presentation inside names it as its nonce.
 *
 * Whoever has its link knows the id and not the token: when the share is gone, nobody can put another in its place.
 */
export async function shareId(manage: string): Promise<string> {
  return base64url.encode(base64url.decode(await digest(await digest(manage))).slice(0, ID_BYTES));
}

/** Return a new token for managing a share, which only the browser that made it has. */
export function newManagingToken(): string {
  return base64url.encode(newRoot());
}

/**
 * Return the tokens and the key of a share.
 *
 * @param passcode As it was typed; wide digits and spaces around it make no difference. Null without one.
 * @throws ShareError "passcode-too-short".
 */
export async function shareKeys(root: Uint8Array, passcode: string | null): Promise<ShareKeys> {
  const secret = passcode === null ? root : join(root, await stretched(root, passcode));
  return {
    access: base64url.encode(await derive(root, INFO.access)),
    open: base64url.encode(await derive(secret, INFO.open)),
    content: await derive(secret, INFO.content),
  };
}

/** Return the digest under which the server knows a token: SHA-256 of the 32 bytes that the token stands for. */
export async function digest(token: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", base64url.decode(token));
  return base64url.encode(new Uint8Array(hash));
}

/**
 * Return the presentation as a compact JWE, whose length tells only which of nine sizes is large enough.
 *
 * @throws MalformedDocumentError "too-large".
 */
export async function encrypt(presentation: string, content: Uint8Array): Promise<string> {
  const bytes = new TextEncoder().encode(presentation);
  if (bytes.length > MAX_BYTES) throw tooLarge();
  const padded = pad(await deflate(bytes));
  return new CompactEncrypt(padded).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(content);
}

/**
 * Return the presentation that a JWE holds; nothing of it is verified.
 *
 * @throws ShareError "damaged-share": another key, or changed since.
 * @throws MalformedDocumentError "too-large", "bad-compression", "not-utf-8": whoever made it did it wrong.
 */
export async function decrypt(jwe: string, content: Uint8Array): Promise<string> {
  return inflateText(unpad(await decrypted(jwe, content)), MAX_BYTES);
}

/** Return the link to a share at a verifier, whose origin is given. */
export function shareLink(verifier: string, { id, root, passcode }: ShareLink): string {
  return `${verifier}/s/${id}#${base64url.encode(root)}${passcode ? ".p" : ""}`;
}

/**
 * Return what a link to a share says; the fragment without its "#".
 *
 * @throws ShareError "not-a-share-link".
 */
export function readShareLink(pathname: string, fragment: string): ShareLink {
  const id = /^\/s\/([\w-]{22})$/.exec(pathname)?.[1];
  const [, root, passcode] = /^([\w-]{43})(\.p)?$/.exec(fragment) ?? [];
  if (id === undefined || root === undefined) throw new ShareError("not-a-share-link");
  try {
    return { id, root: base64url.decode(root), passcode: passcode !== undefined };
  } catch {
    throw new ShareError("not-a-share-link");
  }
}

/* keys */

async function stretched(root: Uint8Array, passcode: string): Promise<Uint8Array<ArrayBuffer>> {
  const typed = passcode.normalize("NFKC").trim();
  if ([...typed].length < MIN_PASSCODE) throw new ShareError("passcode-too-short");
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(typed), "PBKDF2", false, [
    "deriveBits",
  ]);
  const salt = await derive(root, INFO.passcode);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, material, KEY_BYTES * 8));
}

/** Return HKDF-SHA-256 without a salt: the secret is random already (RFC 5869 section 3.1). */
async function derive(secret: Uint8Array, info: string): Promise<Uint8Array<ArrayBuffer>> {
  const material = await crypto.subtle.importKey("raw", Uint8Array.from(secret), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, material, KEY_BYTES * 8));
}

/* padding */

/** Return length, content and zeros, together as long as the smallest bucket that takes them. */
function pad(content: Uint8Array): Uint8Array {
  const size = BUCKETS.find((bucket) => bucket >= LENGTH_BYTES + content.length);
  if (size === undefined) throw tooLarge();
  const padded = new Uint8Array(size);
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, LENGTH_BYTES);
  return padded;
}

function unpad(padded: Uint8Array): Uint8Array {
  if (padded.length < LENGTH_BYTES) throw new ShareError("damaged-share");
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - LENGTH_BYTES) throw new ShareError("damaged-share");
  return padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}

async function decrypted(jwe: string, content: Uint8Array): Promise<Uint8Array> {
  try {
    const options = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
    return (await compactDecrypt(jwe, content, options)).plaintext;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new ShareError("damaged-share");
    throw error;
  }
}

function tooLarge(): MalformedDocumentError {
  return new MalformedDocumentError("too-large", { params: { limit: String(MAX_BYTES) } });
}
