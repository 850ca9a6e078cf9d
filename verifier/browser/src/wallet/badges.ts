// The badges in the wallet, and the shares that were made of them.

import { isObject } from "../json";
import { thumbprint } from "../keys/thumbprint";
import { parseObject } from "../strict-json";
import { readSubject } from "../subject";
import { change, read, WalletError, type KeptBadge, type KeptShare, type Stores, type Wallet } from "./database";
import { keepKey, keyOf, type PrivateJwk } from "./keys";

const MAX_KEY_FILE_BYTES = 4096;

/** A badge's texts: a VC-JWT, a document with an embedded proof, or both. */
export interface BadgeTexts {
  readonly vcJwt: string | null;
  readonly dataIntegrity: string | null;
}

/**
 * Return the record of a badge, of which nothing is verified here.
 *
 * @throws WalletError "not-a-badge": no text, or one without an id; "not-one-badge": two texts of two badges.
 */
export function badgeOf({ vcJwt, dataIntegrity }: BadgeTexts, now: Date): KeptBadge {
  const subjects = [vcJwt, dataIntegrity].filter((text) => text !== null).map(readSubject);
  const [first, second = first] = subjects;
  if (!first || first.credential === "" || second?.credential === "") throw new WalletError("not-a-badge");
  const same = first.credential === second?.credential && first.issuer === second.issuer;
  if (!same || first.method?.id !== second?.method?.id) {
    throw new WalletError("not-one-badge");
  }
  const key = first.method ? thumbprint(first.method.key) : null;
  return { id: first.credential, vcJwt, dataIntegrity, key, added: now.toISOString() };
}

/** Return the texts of a badge that came as one text, whichever form it has. */
export function textsOf(text: string): BadgeTexts {
  return text.startsWith("{") ? { vcJwt: null, dataIntegrity: text } : { vcJwt: text, dataIntegrity: null };
}

/** Return the shortest text of a badge: what a presentation and a link carry. */
export function shortestText({ vcJwt, dataIntegrity }: BadgeTexts): string {
  return vcJwt ?? dataIntegrity ?? "";
}

function issuerOf(badge: BadgeTexts): string {
  return readSubject(shortestText(badge)).issuer;
}

/** Return all badges, the newest first. */
export async function allBadges(wallet: Wallet): Promise<KeptBadge[]> {
  const badges = await read(wallet, (stores) => stores("badges").all());
  return badges.sort((one, other) => (one.added < other.added ? 1 : one.added > other.added ? -1 : 0));
}

/**
 * Keep a badge, and return it as it is kept now: a form that is there already stays, one that is missing comes in.
 *
 * @throws WalletError "id-taken": a badge with this id and another key is here already; "storage-full" and so on.
 */
export function keepBadge(wallet: Wallet, badge: KeptBadge): Promise<KeptBadge> {
  return change(wallet, (stores) => mergeBadge(stores, badge));
}

/** As `keepBadge`, inside a transaction. */
export async function mergeBadge(stores: Stores, badge: KeptBadge): Promise<KeptBadge> {
  const kept = await stores("badges").get(badge.id);
  if (kept && (kept.key !== badge.key || issuerOf(kept) !== issuerOf(badge))) throw new WalletError("id-taken");
  const merged = kept
    ? { ...kept, vcJwt: kept.vcJwt ?? badge.vcJwt, dataIntegrity: kept.dataIntegrity ?? badge.dataIntegrity }
    : badge;
  await stores("badges").put(merged);
  return merged;
}

/** Remove a badge; with it go its key and its claim, unless another badge has the same key. */
export function removeBadge(wallet: Wallet, id: string): Promise<void> {
  return change(wallet, async (stores) => {
    const badge = await stores("badges").get(id);
    await stores("badges").remove(id);
    const others = await stores("badges").all();
    if (!badge?.key || others.some((one) => one.key === badge.key)) return;
    await stores("keys").remove(badge.key);
    for (const claim of await stores("claims").all()) {
      if (claim.key === badge.key) await stores("claims").remove(claim.state);
    }
  });
}

/**
 * Keep the private key that an issuer's claim page saved, and return the badges that it belongs to.
 *
 * @throws WalletError "not-a-key-file"; "key-of-no-badge": of none that is here, so that the badge must be added first.
 */
export async function importKeyFile(wallet: Wallet, text: string): Promise<readonly KeptBadge[]> {
  const key = await keyOf(wallet, parseKeyFile(text));
  return change(wallet, async (stores) => {
    const badges = (await stores("badges").all()).filter((badge) => badge.key === key.thumbprint);
    if (badges.length === 0) throw new WalletError("key-of-no-badge");
    await keepKey(stores, key);
    return badges;
  });
}

/**
 * Return the private key that a text holds.
 *
 * @throws WalletError "not-a-key-file".
 */
export function parseKeyFile(text: string): PrivateJwk {
  try {
    return parsePrivateJwk(parseObject(text.trim(), MAX_KEY_FILE_BYTES));
  } catch (error) {
    throw new WalletError("not-a-key-file", { cause: error });
  }
}

/**
 * Return a private P-256 JWK.
 *
 * @throws WalletError "not-a-key-file".
 */
export function parsePrivateJwk(value: unknown): PrivateJwk {
  const { kty, crv, x, y, d } = isObject(value) ? value : {};
  const whole = typeof x === "string" && typeof y === "string" && typeof d === "string";
  if (kty !== "EC" || crv !== "P-256" || !whole) throw new WalletError("not-a-key-file");
  return { kty, crv, x, y, d };
}

/** Return the shares that this browser made, the newest first. */
export async function allShares(wallet: Wallet): Promise<KeptShare[]> {
  const shares = await read(wallet, (stores) => stores("shares").all());
  return shares.sort((one, other) => (one.created < other.created ? 1 : one.created > other.created ? -1 : 0));
}

/** Keep a share: before anybody hears of its link, so that it can be revoked whatever happens. */
export function keepShare(wallet: Wallet, share: KeptShare): Promise<void> {
  return change(wallet, (stores) => stores("shares").put(share));
}

/** Forget a share, once it is revoked or has expired. */
export function removeShare(wallet: Wallet, id: string): Promise<void> {
  return change(wallet, (stores) => stores("shares").remove(id));
}
