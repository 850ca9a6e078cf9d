// Whom a badge says that it is about, read before anything of it is verified.

import { BadgeError, KeyFormatError } from "./errors";
import { isObject, type Json, type JsonObject } from "./json";
import { expand, type VerificationMethod } from "./keys/did";
import { checkRegisteredClaims, peekJws } from "./proof/jwt";
import { parseObject } from "./strict-json";

/** The credential's id ("" if it cannot be read), and the key of its one subject, if that is a did:key or did:jwk. */
export interface BadgeSubject {
  readonly credential: string;
  /** Who it says has issued it; "" if it cannot be read. */
  readonly issuer: string;
  readonly method: VerificationMethod | null;
}

/**
 * Return whom a badge says that it is about; nothing of it is verified. A badge that cannot be read has no subject: its
 * own verification says what is wrong with it.
 */
export function readSubject(text: string): BadgeSubject {
  const claims = readClaims(text);
  const id = claims ? member(claims, "id") : undefined;
  const listed = claims ? member(claims, "credentialSubject") : undefined;
  const subject = Array.isArray(listed) && listed.length === 1 ? listed[0] : listed;
  const did = isObject(subject) ? member(subject, "id") : undefined;
  const named = claims ? member(claims, "issuer") : undefined;
  const issuer = isObject(named) ? member(named, "id") : named;
  const known = { credential: typeof id === "string" ? id : "", issuer: typeof issuer === "string" ? issuer : "" };
  return { ...known, method: typeof did === "string" ? methodOf(did) : null };
}

function readClaims(text: string): Readonly<JsonObject> | null {
  try {
    if (text.startsWith("{")) return parseObject(text);
    return checkRegisteredClaims(parseObject(peekJws(text).payload)).credential;
  } catch (error) {
    if (error instanceof BadgeError) return null;
    throw error;
  }
}

function methodOf(did: string): VerificationMethod | null {
  try {
    const [method] = expand(did).methods.values();
    return method ?? null;
  } catch (error) {
    if (error instanceof KeyFormatError) return null;
    throw error;
  }
}

/** Return a member that the object itself has. */
function member(object: Readonly<JsonObject>, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
