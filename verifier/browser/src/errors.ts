// What the core refuses, each with a stable code: the same classes and codes as badges/errors.py and keys/.

export type Params = Readonly<Record<string, string>>;

/** Something about a credential that is not as it must be. `pointer` is a JSON Pointer to the place, or "". */
export class BadgeError extends Error {
  readonly code: string;
  readonly pointer: string;
  readonly params: Params;

  constructor(code: string, { pointer = "", params = {} }: { pointer?: string; params?: Params } = {}) {
    super(code);
    this.code = code;
    this.pointer = pointer;
    this.params = params;
  }
}

/** The bytes are not the JSON, JWS, picture or list that they should be. */
export class MalformedDocumentError extends BadgeError {}

/** The document is sound, and holds no credential. */
export class NoCredentialError extends BadgeError {}

/** A proof or format that we do not know; it may be good. */
export class UnsupportedError extends BadgeError {}

/** JSON-LD whose reader and whose signature could disagree. */
export class ShapeError extends BadgeError {}

/** The proof is missing, made for something else, or does not verify. */
export class ProofError extends BadgeError {}

/** Claims that contradict one another or the standard. */
export class ClaimsError extends BadgeError {}

/** A key that is not well made; `code` is the rule that was broken. */
export class KeyFormatError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The signature does not verify. */
export class BadSignatureError extends Error {}

/** This browser has no way to check it; the server has. It says nothing about the badge. */
export class UnsupportedHereError extends Error {}

/** Return a token of a JSON Pointer (RFC 6901 section 3). */
export function escape(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
