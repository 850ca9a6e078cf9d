// The export file: everything in the wallet, encrypted under a passphrase, for another browser or for a bad day.

import { compactDecrypt, CompactEncrypt, errors } from "jose";
import { isObject, type Json, type JsonObject } from "../json";
import { parseObject } from "../strict-json";
import { badgeOf, mergeBadge, parsePrivateJwk } from "./badges";
import { change, read, WalletError } from "./database";
import type { KeptBadge, KeptClaim, KeptKey, KeptShare, Wallet } from "./database";
import { keepKey, keyOf, privateJwks } from "./keys";

export const FORMAT = "akashi-my-badges";
export const VERSION = 1;
export const MIN_PASSPHRASE = 8;
const ROUNDS = 600_000; // of PBKDF2-HMAC-SHA-512: three times what OWASP asked for in 2023
const MAX_ROUNDS = 2_000_000; // a file may not make us compute for minutes
const MAX_FILE_BYTES = 67_108_864;
const SALT_BYTES = 16;
const ALGORITHMS = {
  keyManagementAlgorithms: ["PBES2-HS512+A256KW"],
  contentEncryptionAlgorithms: ["A256GCM"],
  maxPBES2Count: MAX_ROUNDS,
};

/** How much an import brought in that was not here before. */
export interface Imported {
  readonly badges: number;
  readonly keys: number;
  readonly shares: number;
}

interface Content {
  readonly badges: readonly KeptBadge[];
  readonly keys: readonly KeptKey[];
  readonly claims: readonly KeptClaim[];
  readonly shares: readonly KeptShare[];
}

/**
 * Return the text of an export file.
 *
 * @throws WalletError "passphrase-too-short": under eight characters.
 */
export async function exportWallet(wallet: Wallet, passphrase: string, now: Date): Promise<string> {
  const secret = passphraseBytes(passphrase);
  const content = await read(wallet, async (stores) => ({
    badges: await stores("badges").all(),
    claims: await stores("claims").all(),
    shares: await stores("shares").all(),
  }));
  const plain = JSON.stringify({ ...content, keys: await privateJwks(wallet), exported: now.toISOString() });
  const jwe = await new CompactEncrypt(new TextEncoder().encode(plain))
    .setProtectedHeader({ alg: "PBES2-HS512+A256KW", enc: "A256GCM" })
    .setKeyManagementParameters({ p2c: ROUNDS, p2s: crypto.getRandomValues(new Uint8Array(SALT_BYTES)) })
    .encrypt(secret);
  return `${JSON.stringify({ format: FORMAT, version: VERSION, jwe }, null, 2)}\n`;
}

/**
 * Take in what an export file holds, beside what is here already; all of it or nothing.
 *
 * @throws WalletError "not-an-export-file", "newer-export-file" (of a version that we do not know), "wrong-passphrase"
 *   (or the file was changed: nobody can tell these apart), "damaged-export-file", "storage-full" and so on.
 */
export async function importWallet(wallet: Wallet, file: string, passphrase: string): Promise<Imported> {
  const content = await contentOf(wallet, await decrypted(jweOf(file), passphrase));
  return change(wallet, async (stores) => {
    const before = await Promise.all([stores("badges").all(), stores("keys").all(), stores("shares").all()]);
    for (const key of content.keys) await keepKey(stores, key);
    for (const badge of content.badges) {
      const kept = await stores("badges").get(badge.id);
      // Where two badges claim one id, the one that is here stays, and the rest of the file still comes in.
      if (!kept || kept.key === badge.key) await mergeBadge(stores, badge);
    }
    for (const claim of content.claims) {
      if (!(await stores("claims").get(claim.state))) await stores("claims").put(claim);
    }
    for (const share of content.shares) {
      if (!(await stores("shares").get(share.id))) await stores("shares").put(share);
    }
    const after = await Promise.all([stores("badges").all(), stores("keys").all(), stores("shares").all()]);
    const [badges = 0, keys = 0, shares = 0] = after.map((now, index) => now.length - (before[index]?.length ?? 0));
    return { badges, keys, shares };
  });
}

function jweOf(file: string): string {
  const { format, version, jwe } = parsed(file, "not-an-export-file");
  if (format !== FORMAT || typeof version !== "number") throw new WalletError("not-an-export-file");
  if (version !== VERSION) throw new WalletError("newer-export-file");
  if (typeof jwe !== "string") throw new WalletError("not-an-export-file");
  return jwe;
}

async function decrypted(jwe: string, passphrase: string): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(jwe, normalized(passphrase), ALGORITHMS);
    return new TextDecoder("utf-8", { fatal: true }).decode(plaintext);
  } catch (error) {
    if (error instanceof errors.JWEDecryptionFailed) throw new WalletError("wrong-passphrase", { cause: error });
    throw new WalletError("damaged-export-file", { cause: error });
  }
}

async function contentOf(wallet: Wallet, text: string): Promise<Content> {
  const content = parsed(text, "damaged-export-file");
  const keys = listOf(content, "keys").map((one) => keyOf(wallet, parsePrivateJwk(one)));
  try {
    return {
      badges: listOf(content, "badges").map(badgeIn),
      keys: await Promise.all(keys),
      claims: listOf(content, "claims").map(claimIn),
      shares: listOf(content, "shares").map(shareIn),
    };
  } catch (error) {
    if (error instanceof WalletError) throw new WalletError("damaged-export-file", { cause: error });
    throw error;
  }
}

function badgeIn(record: JsonObject): KeptBadge {
  const texts = { vcJwt: textOrNull(record["vcJwt"]), dataIntegrity: textOrNull(record["dataIntegrity"]) };
  const added = new Date(text(record["added"]));
  if (Number.isNaN(added.getTime())) throw damaged();
  return badgeOf(texts, added);
}

function claimIn({ state, offer, key, issuer, created, received }: JsonObject): KeptClaim {
  return {
    state: text(state),
    offer: text(offer),
    key: text(key),
    issuer: text(issuer),
    created: text(created),
    received: textOrNull(received),
  };
}

function shareIn({ id, link, manage, expires, badges, created, passcode }: JsonObject): KeptShare {
  if (!Array.isArray(badges) || typeof passcode !== "boolean") throw damaged();
  // They stand in addresses of our own server.
  if (!/^[\w-]{22}$/.test(text(id)) || !/^[\w-]{43}$/.test(text(manage))) throw damaged();
  return {
    id: text(id),
    link: textOrNull(link),
    manage: text(manage),
    expires: text(expires),
    badges: badges.map(text),
    created: text(created),
    passcode,
  };
}

function listOf(content: JsonObject, name: string): JsonObject[] {
  const listed = content[name];
  if (!Array.isArray(listed) || !listed.every(isObject)) throw damaged();
  return listed;
}

function text(value: Json | undefined): string {
  if (typeof value !== "string") throw damaged();
  return value;
}

function textOrNull(value: Json | undefined): string | null {
  return value === null ? null : text(value);
}

function parsed(data: string, code: string): JsonObject {
  try {
    return parseObject(data, MAX_FILE_BYTES);
  } catch (error) {
    throw new WalletError(code, { cause: error });
  }
}

function passphraseBytes(passphrase: string): Uint8Array {
  if ([...passphrase.normalize("NFKC")].length < MIN_PASSPHRASE) throw new WalletError("passphrase-too-short");
  return normalized(passphrase);
}

/** Return the passphrase as bytes: the same ones, whether its characters were typed wide or composed. */
function normalized(passphrase: string): Uint8Array {
  return new TextEncoder().encode(passphrase.normalize("NFKC"));
}

function damaged(): WalletError {
  return new WalletError("damaged-export-file");
}
