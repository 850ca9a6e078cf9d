// Claiming a badge into the wallet: this page and the issuer's hand over by navigation, all of it in fragments.

import { inflate } from "../compression";
import { BadgeError } from "../errors";
import * as base64url from "../keys/base64url";
import { parseObject } from "../strict-json";
import { badgeOf, mergeBadge, type BadgeTexts } from "./badges";
import { change, read, WalletError, type KeptBadge, type KeptClaim, type Wallet } from "./database";
import { keepKey, newKey } from "./keys";

const TOKEN = /^[\w-]{43}$/;
const STATE_BYTES = 16;
const MAX_ORIGIN = 300;
const MAX_INFLATED_BYTES = 1_048_576; // two forms of one badge
const MAX_FRAGMENT = 1_400_000;
const LOCAL_HOSTS = ["127.0.0.1", "localhost"];

/** What an issuer's page hands over: the token of its offer, and where it is. */
export interface Offer {
  readonly token: string;
  readonly issuer: string;
}

/** Where claims start from: the verifier's origin, the language that the reader speaks. */
export interface Start {
  readonly verifier: string;
  readonly language: string;
  readonly now: Date;
}

/** A badge that came back, with the claim that it belongs to; not verified yet and not kept. */
export interface Received {
  readonly claim: KeptClaim;
  readonly badge: KeptBadge;
}

/**
 * Return the offer in a fragment `claim.<token>.<base64url of the issuer's origin>`, without its "#".
 *
 * @throws WalletError "not-an-offer"; "issuer-not-secure": neither HTTPS nor this computer.
 */
export function readOffer(fragment: string): Offer {
  const [kind, token = "", encoded = "", ...more] = fragment.split(".");
  if (kind !== "claim" || more.length > 0 || !TOKEN.test(token)) throw new WalletError("not-an-offer");
  return { token, issuer: requireIssuer(decodeText(encoded, "not-an-offer")) };
}

/**
 * Make a key for an offer, store it with the pending claim, and return the address of the issuer's page to go to.
 *
 * The same offer gets the same key each time: should the badge get lost on its way back, it can be fetched again.
 *
 * @throws WalletError "not-an-offer", "issuer-not-secure", "storage-full" and so on.
 */
export async function startClaim(wallet: Wallet, { token, issuer }: Offer, start: Start): Promise<string> {
  if (!TOKEN.test(token)) throw new WalletError("not-an-offer");
  requireIssuer(issuer);
  const offer = base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(`${issuer} ${token}`))));
  const made = await newKey(wallet);
  const state = base64url.encode(crypto.getRandomValues(new Uint8Array(STATE_BYTES)));
  const key = await change(wallet, async (stores) => {
    const before = (await stores("claims").all()).find((claim) => claim.offer === offer);
    const held = before ? await stores("keys").get(before.key) : undefined;
    const chosen = held ?? made;
    await keepKey(stores, chosen);
    const created = start.now.toISOString();
    await stores("claims").put({ state, offer, key: chosen.thumbprint, issuer, created, received: null });
    return chosen;
  });
  const handed = { key: key.publicJwk, return: `${start.verifier}/badges`, state };
  const language = encodeURIComponent(start.language);
  return `${issuer}/c?lang=${language}#${token}.${base64url.encode(utf8(JSON.stringify(handed)))}`;
}

/**
 * Return the badge in a fragment `received.<base64url of raw DEFLATE of JSON>`, without its "#". It is still to be
 * verified, and then kept with `keepReceived`.
 *
 * @throws WalletError "not-a-hand-over": damaged, or made by something else; "unknown-claim": not begun in this browser,
 *   or removed since; "already-received"; "other-key": the badge is for another key than the one made for it;
 *   "not-a-badge", "not-one-badge".
 */
export async function finishClaim(wallet: Wallet, fragment: string, now: Date): Promise<Received> {
  const { state, texts } = await readHandOver(fragment);
  const claim = await read(wallet, (stores) => stores("claims").get(state));
  if (!claim) throw new WalletError("unknown-claim");
  if (claim.received !== null) throw new WalletError("already-received");
  const badge = badgeOf(texts, now);
  if (badge.key !== claim.key) throw new WalletError("other-key");
  return { claim, badge };
}

/**
 * Keep a badge that came back and was verified, and end its claim, both at once; return the badge as it is kept.
 *
 * @throws WalletError "already-received": by another tab; "id-taken", "storage-full" and so on.
 */
export function keepReceived(wallet: Wallet, { claim, badge }: Received, now: Date): Promise<KeptBadge> {
  return change(wallet, async (stores) => {
    const pending = await stores("claims").get(claim.state);
    if (!pending) throw new WalletError("unknown-claim");
    if (pending.received !== null) throw new WalletError("already-received");
    await stores("claims").put({ ...pending, received: now.toISOString() });
    return mergeBadge(stores, badge);
  });
}

function requireIssuer(origin: string): string {
  const url = URL.canParse(origin) ? new URL(origin) : null;
  if (origin.length > MAX_ORIGIN || !url || url.origin !== origin) throw new WalletError("not-an-offer");
  const local = url.protocol === "http:" && LOCAL_HOSTS.includes(url.hostname);
  if (url.protocol !== "https:" && !local) throw new WalletError("issuer-not-secure");
  return origin;
}

async function readHandOver(fragment: string): Promise<{ state: string; texts: BadgeTexts }> {
  const [kind, encoded = "", ...more] = fragment.split(".");
  if (kind !== "received" || more.length > 0 || fragment.length > MAX_FRAGMENT) throw notHandedOver();
  const { state, vcJwt, dataIntegrity, ...others } = await unpack(encoded);
  const [jwt, document] = [textOrNull(vcJwt), textOrNull(dataIntegrity)];
  if (typeof state !== "string" || Object.keys(others).length > 0) throw notHandedOver();
  return { state, texts: { vcJwt: jwt, dataIntegrity: document } };
}

async function unpack(encoded: string): Promise<Record<string, unknown>> {
  try {
    return parseObject(await inflate(base64url.decode(encoded), MAX_INFLATED_BYTES), MAX_INFLATED_BYTES);
  } catch (error) {
    if (error instanceof BadgeError || error instanceof SyntaxError) throw notHandedOver(error);
    throw error;
  }
}

function textOrNull(value: unknown): string | null {
  if (value !== null && typeof value !== "string") throw notHandedOver();
  return value;
}

function decodeText(encoded: string, code: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(base64url.decode(encoded));
  } catch (error) {
    throw new WalletError(code, { cause: error });
  }
}

function notHandedOver(cause?: unknown): WalletError {
  return new WalletError("not-a-hand-over", { cause });
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
