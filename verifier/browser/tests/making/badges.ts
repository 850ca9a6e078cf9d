// Badges, keys and lists for the tests: the counterpart of tests/verifier/making.py.

import { gzipSync } from "node:zlib";
import { encode } from "../../src/keys/base64url";
import { StatusLists } from "../../src/verify/lists";
import type { Report } from "../../src/verify/report";
import { Trust } from "../../src/verify/trust";
import { checkText } from "../../src/verify/verify";
import { MapWeb } from "../../src/verify/web";
import { DOCUMENTS } from "../standard-documents";
import { bytes, jws, signerOf, type Made, type Signer } from "./signers";

export const NOW = new Date("2026-11-23T03:00:00Z");
export const ISSUER = "did:web:issuer.example:providers:kita";
export const DID_URL = "https://issuer.example/providers/kita/did.json";
export const LIST_URL = "https://issuer.example/providers/kita/status/revocation/1";
export const SIGNER = await signerOf(1, `${ISSUER}#k1`);
export const STRANGER = await signerOf(2, `${ISSUER}#k1`);

/** Return a badge or list as a VC-JWT, with the claims that Open Badges repeats in it. */
export async function signed(claims: Made, signer: Signer = SIGNER): Promise<string> {
  const subject = claims["credentialSubject"] as Made;
  const issuer = claims["issuer"] as Made | string;
  const registered = {
    iss: typeof issuer === "string" ? issuer : issuer["id"],
    sub: subject["id"],
    jti: claims["id"],
    nbf: seconds(claims["validFrom"]),
    exp: seconds(claims["validUntil"]),
  };
  return jws({ ...claims, ...registered }, signer);
}

function seconds(moment: unknown): number | undefined {
  return typeof moment === "string" ? Math.floor(Date.parse(moment) / 1000) : undefined;
}

/** Return the document that a did:web's host serves. */
export function didDocument(signers: readonly Signer[], issuer = ISSUER): Uint8Array {
  return bytes({
    id: issuer,
    verificationMethod: signers.map(({ keyId, publicKey }) => ({
      id: keyId,
      controller: issuer,
      type: "Multikey",
      publicKeyMultibase: publicKey.toMultikey(),
    })),
    assertionMethod: signers.map(({ keyId }) => keyId),
  });
}

/** Return an unsigned badge; a change to undefined takes a member away. */
export function credential(changes: Made = {}, issuer = ISSUER): Made {
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
    type: ["VerifiableCredential", "OpenBadgeCredential"],
    issuer: { id: issuer, type: ["Profile"], name: "北の学校" },
    validFrom: "2026-11-01T00:00:00+09:00",
    name: "データ入門",
    credentialSubject: subject(),
    ...changes,
  };
}

/** Return the subject of a badge. */
export function subject(changes: Made = {}): Made {
  return {
    id: "urn:uuid:11111111-2222-4333-8444-555555555555",
    type: ["AchievementSubject"],
    achievement: achievement(),
    ...changes,
  };
}

/** Return what was achieved. */
export function achievement(changes: Made = {}): Made {
  return {
    id: "https://issuer.example/providers/kita/achievements/data/1",
    type: ["Achievement"],
    name: "データ入門",
    description: "データの読み方を学ぶ。",
    criteria: { narrative: "修了テストに合格する。" },
    ...changes,
  };
}

/** Return a badge's place in a status list. */
export function entry(index: unknown = "5", changes: Made = {}): Made {
  return {
    id: `${LIST_URL}#5`,
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex: index,
    statusListCredential: LIST_URL,
    ...changes,
  };
}

/** What a status list of a test differs in. */
export interface ListChanges {
  readonly signer?: Signer;
  readonly purpose?: string;
  readonly url?: string;
  readonly issuer?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
}

/** Return an unsigned status list with some bits set. */
export function listCredential(revoked: readonly number[], changes: ListChanges = {}): Made {
  const bits = new Uint8Array(16_384);
  for (const index of revoked) bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index % 8));
  const { purpose = "revocation", url = LIST_URL, issuer = ISSUER } = changes;
  const { validFrom = "2026-11-22T00:00:00Z", validUntil = "2026-11-30T00:00:00Z" } = changes;
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id: url,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer,
    validFrom,
    validUntil,
    credentialSubject: {
      id: `${url}#list`,
      type: "BitstringStatusList",
      statusPurpose: purpose,
      encodedList: `u${encode(gzipSync(bits))}`,
    },
  };
}

/** Return a signed status list. */
export async function statusList(revoked: readonly number[] = [], changes: ListChanges = {}): Promise<Uint8Array> {
  return new TextEncoder().encode(await signed(listCredential(revoked, changes), changes.signer ?? SIGNER));
}

/** Somebody who checks badges, with a web of their own. */
export class Desk {
  readonly pages = new Map([[DID_URL, didDocument([SIGNER])]]);
  readonly web = new MapWeb(this.pages);
  trust = new Trust();
  lists = new StatusLists();
  now = NOW;

  check(text: string): Promise<Report> {
    const { now, web, trust, lists } = this;
    return checkText(text, { now, web, trust, lists, documents: DOCUMENTS });
  }
}

/** Return each check's outcome and code, as "passed well-formed". */
export function codes(report: Report): Record<string, string> {
  return Object.fromEntries(report.findings.map(({ check, outcome, code }) => [check, `${outcome} ${code}`]));
}
