// Arithmetic on integers longer than 53 bits.

/** Return the unsigned integer of some bytes, the most significant first. */
export function fromBytes(bytes: Uint8Array): bigint {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return BigInt(`0x0${digits}`);
}

/** Return the bytes of an unsigned integer, the most significant first. */
export function toBytes(number: bigint, size: number): Uint8Array {
  const digits = number.toString(16).padStart(2 * size, "0");
  return Uint8Array.from({ length: size }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

/** Return the remainder that is never negative. */
export function modulo(number: bigint, modulus: bigint): bigint {
  const remainder = number % modulus;
  return remainder < 0n ? remainder + modulus : remainder;
}

/** Return a power by a modulus. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = modulo(base, modulus);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
