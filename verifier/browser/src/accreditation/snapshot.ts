// The register as one signed and numbered document, the same for everybody who reads it; the counterpart of
// badges/accreditation/snapshot.py.

import type { StandardDocuments } from "../documents";
import { BadgeError, KeyFormatError, MalformedDocumentError } from "../errors";
import { member, objects } from "../json";
import { fromJwk, type PublicKey } from "../keys/public-key";
import { peekJws, verifyJws } from "../proof/jwt";
import { parseObject } from "../strict-json";
import {
  moment,
  text,
  texts,
  windowOf,
  type Accreditation,
  type RegisteredKey,
  type RegisteredProvider,
  type Snapshot,
} from "./register";
import { readAccreditation, type Expected } from "./vouching";

const TYPE = "AkashiRegistrySnapshot";
const MAX_SNAPSHOT_BYTES = 16 * 1_048_576; // some thousand providers with their keys and accreditations

/**
 * Return the snapshot. Accreditations that do not verify are left out: one damaged entry must not silence the register.
 *
 * @param pinned The registry's key; null takes the key of the document's own header, when naming the file is the pin.
 * @throws BadgeError if it is no snapshot, or not signed with that key.
 * @throws UnsupportedHereError if this browser cannot tell.
 */
export async function readSnapshot(
  jws: string,
  pinned: PublicKey | null,
  documents: StandardDocuments,
): Promise<Snapshot> {
  const parts = peekJws(jws);
  const key = pinned ?? parts.header.embeddedKey;
  if (!key) throw new MalformedDocumentError("bad-snapshot");
  await verifyJws(parts, key);
  const payload = parseObject(parts.payload, MAX_SNAPSHOT_BYTES);
  try {
    return await snapshotOf(payload, documents);
  } catch (error) {
    if (error instanceof BadgeError || error instanceof KeyFormatError)
      throw new MalformedDocumentError("bad-snapshot");
    throw error;
  }
}

async function snapshotOf(payload: unknown, documents: StandardDocuments): Promise<Snapshot> {
  const number = member(payload, "number");
  if (member(payload, "type") !== TYPE || typeof number !== "number" || !Number.isSafeInteger(number)) {
    throw new MalformedDocumentError("bad-snapshot");
  }
  const accreditors = new Set(texts(member(payload, "accreditors")));
  const registry = text(member(payload, "registry"));
  const listed = await Promise.all(
    objects(member(payload, "providers")).map((one) => providerOf(one, { accreditors, registry }, documents)),
  );
  const issued = moment(member(payload, "issued"));
  return { number, issued, registry, providers: new Map(listed.map((one) => [one.did, one])), accreditors };
}

async function providerOf(
  data: unknown,
  whose: Omit<Expected, "provider">,
  documents: StandardDocuments,
): Promise<RegisteredProvider> {
  const did = text(member(data, "did"));
  const keys = objects(required(data, "keys")).map(keyOf);
  const [name, ...others] = objects(required(data, "name"));
  if (!name || others.length > 0) throw new MalformedDocumentError("bad-snapshot");
  const given = texts(member(data, "accreditations")).map((one) =>
    accreditationOf(one, { ...whose, provider: did }, documents),
  );
  return {
    did,
    slug: text(member(data, "slug")),
    name: { ja: text(member(name, "ja")), en: text(member(name, "en")) },
    url: text(member(data, "url")),
    domain: text(member(data, "domain")),
    keys: new Map(keys.map((key) => [key.id, key])),
    accreditations: (await Promise.all(given)).filter((one) => one !== null),
    suspensions: objects(required(data, "suspensions")).map(windowOf),
  };
}

async function accreditationOf(
  text: string,
  expected: Expected,
  documents: StandardDocuments,
): Promise<Accreditation | null> {
  try {
    return await readAccreditation(text, expected, documents);
  } catch (error) {
    if (error instanceof BadgeError || error instanceof KeyFormatError) return null;
    throw error;
  }
}

function keyOf(data: unknown): RegisteredKey {
  const revoked = member(data, "revoked");
  return {
    id: text(member(data, "id")),
    key: fromJwk(required(data, "publicKeyJwk")),
    window: windowOf(data),
    revoked: revoked === undefined ? null : moment(revoked),
  };
}

function required(data: unknown, name: string): unknown {
  const value = member(data, name);
  if (value === undefined) throw new MalformedDocumentError("bad-snapshot");
  return value;
}
