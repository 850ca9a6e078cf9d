// Status lists: fetched, proved, and never older than the newest one seen; the counterpart of verifier/lists.py.

import type { StandardDocuments } from "../documents";
import { BadgeError, KeyFormatError } from "../errors";
import { member } from "../json";
import { peek, verify, type Peeked } from "../proof";
import type { VerifiedCredential } from "../proof/credential";
import { getBit, readList, type StatusEntry } from "../status";
import { issuerId, MAX_SKEW, moment, validFrom, validUntilText } from "./reading";
import { confirm, isGoodAt, resolve, UnresolvedKeyError, type ResolvedKey } from "./resolve";
import { SeenInMemory, type Seen } from "./seen";
import type { Trust } from "./trust";
import { UnreachableError, type Web } from "./web";

const ACCEPT = "application/vc+ld+json, application/vc+jwt;q=0.9, application/json;q=0.8, */*;q=0.1";
/** How long a proof counts that was checked before, when the list has not changed. */
const TRUSTED_MILLISECONDS = 300_000;
const MAX_PROVED = 64;
const SAID_BY_SERVER = /^(?:wrong-)?list-/;
/** As Python has it: not `trim`, to which a byte order mark is a space. */
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const SPACE_AROUND = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/** A status list does not tell whether the bit is set. `certain`: the list, as its issuer signed it, is wrong. */
export class ListError extends Error {
  readonly code: string;
  readonly certain: boolean;

  constructor(code: string, { certain = false, cause }: { certain?: boolean; cause?: unknown } = {}) {
    super(code, { cause });
    this.code = code;
    this.certain = certain;
  }
}

/**
 * A bit, and whether the list that has it names another address as its own.
 *
 * A misplaced list may be another one of its issuer's, put there to hide a revocation: it never shows a badge good.
 */
export interface ListAnswer {
  readonly bit: boolean;
  readonly misplaced: boolean;
}

/** What one verification reads with: where, on whose word, and by which documents of the standards. */
export interface Sources {
  readonly web: Web;
  readonly trust: Trust;
  readonly documents: StandardDocuments;
}

/** What a status list says, once its proof has verified with its issuer's key; and when that was. */
interface ProvedList {
  readonly data: Uint8Array;
  readonly bits: Uint8Array;
  readonly start: number;
  readonly end: number | null;
  readonly misplaced: boolean;
  readonly checked: number;
}

/** Reads status lists for any number of verifications; `elapsed` is a clock that only runs forward, in milliseconds. */
export class StatusLists {
  private readonly proved = new Map<string, ProvedList>();
  private readonly dates = new Map<string, number>();

  constructor(
    private readonly seen: Seen = new SeenInMemory(),
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /**
   * Return the bit of an entry in the list that its issuer signed.
   *
   * @throws ListError if the list is missing, not the issuer's, out of date, or does not cover the entry.
   * @throws UnsupportedHereError if this browser cannot tell.
   */
  async ask(entry: StatusEntry, issuer: string, now: number, sources: Sources): Promise<ListAnswer> {
    const data = await fetchList(entry.listUrl, sources.web);
    const proved = await this.provedList(data, entry, issuer, sources);
    requirePeriod(proved, now);
    // After the period, so that nobody can outdate a list by one from the future.
    if (!proved.misplaced && !(await this.seen.admit(entry.listUrl, proved.start))) {
      throw new ListError("list-older-than-seen");
    }
    this.dates.set(entry.listUrl, proved.start);
    const bit = getBit(proved.bits, entry.index);
    if (bit === null) throw new ListError("index-out-of-range", { certain: true });
    return { bit, misplaced: proved.misplaced };
  }

  /** Return the `validFrom` of the list last read at an address, in milliseconds; null where none was. */
  dateOf(url: string): number | null {
    return this.dates.get(url) ?? null;
  }

  /** Return the list with its proof verified: once in five minutes for the same bytes and the same registry. */
  private async provedList(
    data: Uint8Array,
    entry: StatusEntry,
    issuer: string,
    sources: Sources,
  ): Promise<ProvedList> {
    const snapshot = sources.trust.snapshot?.number ?? null;
    const key = JSON.stringify([issuer, entry.listUrl, entry.purpose, snapshot]);
    const known = this.proved.get(key);
    if (known && this.elapsed() - known.checked < TRUSTED_MILLISECONDS && isSame(known.data, data)) return known;
    const { credential, signer } = await prove(data, issuer, sources);
    const proved = { ...(await readProved(credential, entry)), data, checked: this.elapsed() };
    if (!isGoodAt(signer, proved.start)) throw new ListError("list-key-not-valid");
    this.proved.set(key, proved);
    const [first = key] = this.proved.keys();
    if (this.proved.size > MAX_PROVED) this.proved.delete(first);
    return proved;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

async function readProved(credential: VerifiedCredential, entry: StatusEntry) {
  const { claims } = credential;
  const [start, endText] = [validFrom(claims), validUntilText(claims)];
  const end = moment(endText);
  if (start === null || (endText !== null && end === null)) {
    throw new ListError("list-without-dates", { certain: true });
  }
  // A list that calls itself something else is read all the same: `ListAnswer` says what it is good for.
  const misplaced = member(claims, "id") !== entry.listUrl;
  try {
    return { bits: await readList(claims, entry), start, end, misplaced };
  } catch (error) {
    if (error instanceof BadgeError) throw new ListError(error.code, { certain: true, cause: error });
    throw error;
  }
}

async function fetchList(url: string, web: Web): Promise<Uint8Array> {
  try {
    return await web.get(url, ACCEPT);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new ListError(codeOf(error), { cause: error });
  }
}

function codeOf({ code }: UnreachableError): string {
  if (code === "not-allowed") return "list-url-not-allowed";
  // The server reads lists before it hands them over, and says what is wrong with one that it keeps.
  return SAID_BY_SERVER.test(code) ? code : "list-unreachable";
}

/** Return the list, proved with a key of the issuer that was named by the credential, and that key. */
async function prove(
  data: Uint8Array,
  issuer: string,
  sources: Sources,
): Promise<{ credential: VerifiedCredential; signer: ResolvedKey }> {
  const { trust } = sources;
  const unverified = read(data, sources.documents);
  if (issuerId(unverified.claims) !== issuer) throw new ListError("list-of-another-issuer");
  // Each could make us ask another host for its key; a list needs its issuer's word alone.
  if (unverified.proofs.length !== 1) throw new ListError("list-not-authentic");
  const { credential, signer } = await proveBy(unverified, issuer, sources);
  if (signer?.controller !== issuer) throw new ListError("list-not-authentic");
  // Whoever holds the issuer's web site could add a key to its document, and un-revoke with it.
  if (trust.provider(issuer) && signer.source !== "registry") throw new ListError("list-key-not-registered");
  return { credential, signer };
}

function read(data: Uint8Array, documents: StandardDocuments): Peeked {
  try {
    return peek(textOf(data).replace(SPACE_AROUND, ""), documents);
  } catch (error) {
    if (error instanceof BadgeError) throw new ListError("list-unreadable", { cause: error });
    throw error;
  }
}

function textOf(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch (error) {
    throw new ListError("list-unreadable", { cause: error });
  }
}

async function proveBy(unverified: Peeked, issuer: string, { web, trust }: Sources) {
  const [reference] = unverified.proofs;
  if (!reference) throw new ListError("list-not-authentic");
  try {
    const resolved = await resolve(reference, web, trust);
    const credential = await verify(unverified, new Map([[reference.verificationMethod ?? "", resolved.key]]));
    const signer = resolved.source === "badge" ? await confirm(resolved, issuer, web, trust) : resolved;
    return { credential, signer };
  } catch (error) {
    if (error instanceof UnresolvedKeyError) throw new ListError("list-key-unknown", { cause: error });
    if (error instanceof BadgeError || error instanceof KeyFormatError) {
      throw new ListError("list-not-authentic", { cause: error });
    }
    throw error;
  }
}

/** Refuse a list that does not speak of now. */
function requirePeriod({ start, end }: ProvedList, now: number): void {
  if (start > now + MAX_SKEW) throw new ListError("list-not-yet-valid");
  if (end !== null && now > end) throw new ListError("list-expired");
}
