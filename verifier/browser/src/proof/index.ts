// Find out whether a credential is secured: by the shape of its text, around it or inside it. The counterpart of
// badges/proof/__init__.py; what reads JSON-LD is loaded when the first embedded proof is verified.

import type { StandardDocuments } from "../documents";
import { MalformedDocumentError, ProofError } from "../errors";
import type { JsonObject } from "../json";
import type { PublicKey } from "../keys/public-key";
import { parseObject } from "../strict-json";
import type { ProofReference, UnverifiedCredential, VerifiedCredential } from "./credential";
import { parseProofs } from "./embedded-proofs";
import { type CompactJws, checkRegisteredClaims, issuedAt, peekJws, verifyJws } from "./jwt";
import { PinnedContexts } from "./pinned-contexts";
import { screen } from "./screen";

/** What a document with embedded proofs claims, and the contexts to read it by. */
interface UnverifiedDocument extends UnverifiedCredential {
  readonly mechanism: "data-integrity";
  readonly contexts: StandardDocuments["contexts"];
}

/** What a compact JWS claims, with the JWS that was taken apart for it. */
interface UnverifiedEnvelope extends UnverifiedCredential {
  readonly mechanism: "vc-jwt";
  readonly jws: CompactJws;
}

/** What `peek` returns: not to be believed, and only for `verify` to take apart further. */
export type Peeked = UnverifiedDocument | UnverifiedEnvelope;

const pinned = new WeakMap<StandardDocuments["contexts"], PinnedContexts>();

/**
 * Return what a text claims, and which keys would verify it. Nothing of it is to be believed yet.
 *
 * The claims of a VC-JWT are the credential, without the registered claims that repeat it; those of an embedded proof are
 * the document, with its proofs.
 *
 * @throws MalformedDocumentError: not JSON, or not a JWS, in the strict sense. ProofError: `no-proof`, or a proof of
 *   another form than the standard's. UnsupportedError: a proof that we do not know. ClaimsError: a registered claim of a
 *   JWS contradicts its credential. ShapeError: VC-JWT only: contexts and members that nobody pinned.
 */
export function peek(text: string, documents: Pick<StandardDocuments, "contexts">): Peeked {
  // A byte order mark is refused as JSON, with a reason that helps.
  const isJson = /^[ \t\r\n]*[{[\ufeff]/.test(text);
  return isJson ? peekEmbedded(text, documents.contexts) : peekEnveloping(text, documents.contexts);
}

/**
 * Return the credential, if every one of its proofs verifies. The claims are read anew from the signed bytes: what the
 * caller holds may have changed since `peek`.
 *
 * @param keys Verification method → key, for each proof; "" → the embedded key of a JWS without a `kid`.
 * @throws ProofError `bad-signature`, `key-missing`, `wrong-algorithm`. ShapeError: embedded proofs only: JSON-LD outside
 *   the accepted shape, so that what was signed and what is read could differ.
 */
export async function verify(unverified: Peeked, keys: ReadonlyMap<string, PublicKey>): Promise<VerifiedCredential> {
  return unverified.mechanism === "vc-jwt" ? verifyEnveloping(unverified, keys) : verifyEmbedded(unverified, keys);
}

function peekEmbedded(text: string, contexts: StandardDocuments["contexts"]): UnverifiedDocument {
  // Asked for now, it comes while the keys are looked up. What fails is told when it is needed.
  reader().catch(() => undefined);
  const claims = parseObject(text);
  const proofs = parseProofs(claims).map((proof) => proof.reference);
  return { text, mechanism: "data-integrity", claims, proofs, contexts };
}

async function verifyEmbedded(
  { text, contexts }: UnverifiedDocument,
  keys: ReadonlyMap<string, PublicKey>,
): Promise<VerifiedCredential> {
  const { contextSet, verify } = await reader();
  const document = parseObject(text);
  const verified = await verify(document, keys, contextSet(contexts));
  const { proof: _, ...claims } = document;
  const proofs = verified.map((proof) => proof.reference);
  return { text, mechanism: "data-integrity", claims, warnings: [], proofs };
}

function reader(): Promise<typeof import("./data-integrity")> {
  return import("./data-integrity");
}

function peekEnveloping(text: string, contexts: StandardDocuments["contexts"]): UnverifiedEnvelope {
  const jws = peekJws(text);
  const payload = parseObject(jws.payload);
  // Two proofs of different kinds around and inside one credential: which one would the verdict speak of?
  if (Object.hasOwn(payload, "proof")) throw new MalformedDocumentError("two-mechanisms", { pointer: "/proof" });
  const { credential } = checkRegisteredClaims(payload);
  screen(credential, pinnedContexts(contexts));
  return { text, mechanism: "vc-jwt", claims: credential, proofs: [referenceOf(jws, payload)], jws };
}

async function verifyEnveloping(
  { text, jws, proofs }: UnverifiedEnvelope,
  keys: ReadonlyMap<string, PublicKey>,
): Promise<VerifiedCredential> {
  const key = keys.get(proofs[0]?.verificationMethod ?? "");
  if (key === undefined) throw new ProofError("key-missing");
  await verifyJws(jws, key);
  const { credential, warnings } = checkRegisteredClaims(parseObject(jws.payload));
  return { text, mechanism: "vc-jwt", claims: credential, warnings, proofs };
}

/** Return what a JWS says of its key, and when it was made (`iat`), if it says so. */
function referenceOf(jws: CompactJws, payload: JsonObject): ProofReference {
  const { keyId, embeddedKey, algorithm } = jws.header;
  if (keyId === null && embeddedKey === null) throw new ProofError("no-key");
  const created = Object.hasOwn(payload, "iat") ? issuedAt(payload) : null;
  return { verificationMethod: keyId, embeddedKey, algorithm, created, expires: null };
}

function pinnedContexts(contexts: StandardDocuments["contexts"]): PinnedContexts {
  const made = pinned.get(contexts) ?? new PinnedContexts(contexts);
  pinned.set(contexts, made);
  return made;
}
