// Badges for tests about who holds them: their issuer's signature is no question here, and is none.

import type { PublicKey } from "../src/keys/public-key";

/** Return the did:key of a public key. */
export function didKeyOf(publicKey: PublicKey): string {
  return `did:key:${publicKey.toMultikey()}`;
}

/** Return a VC-JWT about a subject, with a signature that nobody made. */
export function badgeFor(number: number, subject: string): string {
  const id = `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const claims = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id,
    type: ["VerifiableCredential", "OpenBadgeCredential"],
    issuer: "did:web:issuer.example",
    validFrom: "2026-04-01T00:00:00Z",
    credentialSubject: { id: subject },
    iss: "did:web:issuer.example",
    sub: subject,
    jti: id,
    nbf: Date.parse("2026-04-01T00:00:00Z") / 1000,
  };
  const header = { alg: "ES256", kid: "did:web:issuer.example#k1" };
  return `${segment(JSON.stringify(header))}.${segment(JSON.stringify(claims))}.${"AQ".repeat(43)}`;
}

/** Return the same badge as a document with a proof that nobody made. */
export function documentFor(number: number, subject: string, issuer = "did:web:issuer.example"): string {
  const id = `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  return JSON.stringify({ id, type: ["VerifiableCredential"], issuer, credentialSubject: { id: subject }, proof: [] });
}

function segment(text: string): string {
  return Buffer.from(text, "utf-8").toString("base64url");
}
