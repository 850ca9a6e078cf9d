// Whether embedded proofs verify: eddsa-rdfc-2022, single, in sets and in chains. The counterpart of
// badges/proof/data_integrity.py; loaded when the first document with such a proof comes, with all that reads JSON-LD.
//
// Source: VC Data Integrity 1.0 §4 (#algorithms); Data Integrity EdDSA Cryptosuites 1.0 §3.2 (#eddsa-rdfc-2022).

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { StandardDocuments } from "../documents";
import { BadSignatureError, ProofError, ShapeError } from "../errors";
import type { Claims } from "../json";
import type { PublicKey } from "../keys/public-key";
import { canonical } from "./canonical";
import { ContextSet } from "./contexts";
import { type Proof, parseProofs } from "./embedded-proofs";
import type { Members } from "./jsonld";

const compiled = new WeakMap<StandardDocuments["contexts"], ContextSet>();

/** Return the contexts, compiled once for as long as somebody holds them. */
export function contextSet(contexts: StandardDocuments["contexts"]): ContextSet {
  const made = compiled.get(contexts) ?? new ContextSet(contexts);
  compiled.set(contexts, made);
  return made;
}

/**
 * Return the proofs of a document, every one of which verifies.
 *
 * @param keys Verification method → its key, for all of them.
 * @throws ProofError `bad-signature`, `key-missing`, `wrong-algorithm` (no Ed25519 key), or as `parseProofs` does.
 *   UnsupportedError as `parseProofs` does. ShapeError as `canonical` does.
 */
export async function verify(
  document: Claims,
  keys: ReadonlyMap<string, PublicKey>,
  contexts: ContextSet,
): Promise<readonly Proof[]> {
  const proofs = parseProofs(document);
  const { proof: _, ...unsecured } = document;
  const hashes = new Map<string, Uint8Array>();
  for (const proof of proofs) {
    const key = keys.get(proof.method);
    if (key === undefined) throw new ProofError("key-missing");
    if (key.jwsAlgorithm !== "EdDSA") throw new ProofError("wrong-algorithm");
    const previous = JSON.stringify(proof.previous);
    const hash = hashes.get(previous) ?? sha256(canonical(withPrevious(unsecured, proof, proofs), contexts));
    hashes.set(previous, hash);
    await requireSignature(key, proof, hashData(unsecured, proof.json, contexts, hash));
  }
  return proofs;
}

/**
 * Return the 64 bytes that are signed: the hash of the proof's options, then that of the document, which may be at hand.
 *
 * Source: EdDSA Cryptosuites §3.2.4 (#hashing-eddsa-rdfc-2022).
 */
export function hashData(
  unsecured: Members,
  proof: Members,
  contexts: ContextSet,
  documentHash: Uint8Array = sha256(canonical(unsecured, contexts)),
): Uint8Array {
  return concatBytes(optionsHash(unsecured, proof, contexts), documentHash);
}

async function requireSignature(key: PublicKey, proof: Proof, data: Uint8Array): Promise<void> {
  try {
    await key.verify(proof.signature, data);
  } catch (error) {
    if (!(error instanceof BadSignatureError)) throw error;
    throw new ProofError("bad-signature");
  }
}

/** Return the hash of a proof's options, read with the document's contexts. */
function optionsHash(unsecured: Members, proof: Members, contexts: ContextSet): Uint8Array {
  const { proofValue: _, ...options } = proof;
  try {
    return sha256(canonical({ "@context": unsecured["@context"], ...options }, contexts));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(error.code, { pointer: `/proof${error.pointer}` });
  }
}

/**
 * Return what a proof secures: the document, with the proofs that it builds upon.
 *
 * Source: VC Data Integrity §4.3 (#add-proof-set-chain).
 */
function withPrevious(unsecured: Members, proof: Proof, proofs: readonly Proof[]): Members {
  if (proof.previous.length === 0) return unsecured;
  const before = proofs.filter(({ json }) => proof.previous.some((id) => id === json["id"]));
  return { ...unsecured, proof: before.map(({ json }) => json) };
}
