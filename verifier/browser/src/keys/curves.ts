// Points of the curves whose keys we know: what WebCrypto does not tell, or tells too late.

import { fromBytes, modulo, power, toBytes } from "./big-integer";

export type Curve = "P-256" | "P-384";

export const COORDINATE_BYTES: Readonly<Record<Curve, number>> = { "P-256": 32, "P-384": 48 };

// Order of the field and constant b of y² = x³ - 3x + b (SP 800-186 section 3.2.1).
const FIELDS: Readonly<Record<Curve, { readonly p: bigint; readonly b: bigint }>> = {
  "P-256": {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  "P-384": {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
};

// Order of the field, curve constant and order of the group of edwards25519 (RFC 8032 section 5.1).
const P = 2n ** 255n - 19n;
const D = modulo(-121_665n * power(121_666n, P - 2n, P), P);
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

// The points of edwards25519 whose order divides 8, as RFC 8032 encodes them, in hexadecimal.
const SMALL_ORDER: ReadonlySet<string> = new Set([
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]);

/** Tell whether two coordinates, each smaller than the field, are a point of the curve. */
export function isOnCurve(curve: Curve, x: Uint8Array, y: Uint8Array): boolean {
  const { p } = FIELDS[curve];
  const [first, second] = [fromBytes(x), fromBytes(y)];
  return first < p && second < p && (second * second) % p === ySquared(curve, first);
}

/** Return the coordinates of a compressed point (SEC 1 section 2.3.4), or null if it is none of the curve. */
export function decompress(curve: Curve, encoded: Uint8Array): { x: Uint8Array; y: Uint8Array } | null {
  const { p } = FIELDS[curve];
  const [sign, x] = [encoded[0] ?? 0, fromBytes(encoded.subarray(1))];
  if ((sign !== 2 && sign !== 3) || x >= p) return null;
  // Both fields have p = 3 (mod 4), where this power of a square is its root.
  const root = power(ySquared(curve, x), (p + 1n) / 4n, p);
  if ((root * root) % p !== ySquared(curve, x)) return null;
  const y = (root & 1n) === BigInt(sign & 1) ? root : p - root;
  return { x: toBytes(x, COORDINATE_BYTES[curve]), y: toBytes(y, COORDINATE_BYTES[curve]) };
}

/**
 * Tell whether an encoded point of edwards25519 has the one spelling and is not of small order, which would fit one
 * signature to many messages; null if it is no point at all.
 *
 * Source: RFC 8032 section 5.1.3 (decoding); a point of small order, doubled three times, is the identity.
 */
export function isLargeOrder(encoded: Uint8Array): boolean | null {
  const y = fromLittleEndian(encoded) & (2n ** 255n - 1n);
  if (y >= P) return false;
  const xSquared = modulo((y * y - 1n) * power(D * y * y + 1n, P - 2n, P), P);
  if (xSquared && power(xSquared, (P - 1n) / 2n, P) !== 1n) return null;
  let point = { xSquared, y };
  for (let doubling = 0; doubling < 3; doubling += 1) point = doubled(point);
  return !(point.xSquared === 0n && point.y === 1n);
}

/** Tell whether an encoded point of edwards25519, in its one spelling, is of small order. */
export function isSmallOrder(encoded: Uint8Array): boolean {
  return SMALL_ORDER.has(Array.from(encoded, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/** Tell whether an integer of 32 bytes is smaller than the order of edwards25519's group (RFC 8032 section 5.1.7). */
export function isReduced(encoded: Uint8Array): boolean {
  return fromLittleEndian(encoded) < L;
}

function ySquared(curve: Curve, x: bigint): bigint {
  const { p, b } = FIELDS[curve];
  return modulo(x * x * x - 3n * x + b, p);
}

/** The y of a doubled point needs no x, only its square: y' = (y² + x²) / (1 - d x² y²), as a = -1. */
function doubled({ xSquared, y }: { xSquared: bigint; y: bigint }): { xSquared: bigint; y: bigint } {
  const product = modulo(D * xSquared * y * y, P);
  return {
    xSquared: modulo(4n * xSquared * y * y * power((1n + product) ** 2n, P - 2n, P), P),
    y: modulo((y * y + xSquared) * power(1n - product, P - 2n, P), P),
  };
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return fromBytes(Uint8Array.from(bytes).reverse());
}
