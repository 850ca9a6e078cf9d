// base58btc, as Multikeys have it: no white space, each byte string in one spelling.

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** Return the bytes as base58; each zero byte in front is a "1". */
export function encode(bytes: Uint8Array): string {
  const digits = inBase(bytes, 256, 58).map((value) => ALPHABET[value]);
  return "1".repeat(leading(bytes)) + digits.join("");
}

/**
 * Return the bytes that a text stands for. Its cost grows with the square of the length: the caller limits that.
 *
 * @throws SyntaxError for another alphabet, white space included.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const values = [...text].map((character) => {
    const value = VALUES.get(character);
    if (value === undefined) throw new SyntaxError("a character that base58 does not have");
    return value;
  });
  return Uint8Array.from([...Array<number>(leading(values)).fill(0), ...inBase(values, 58, 256)]);
}

function leading(values: ArrayLike<number>): number {
  let count = 0;
  while (count < values.length && values[count] === 0) count += 1;
  return count;
}

/** Return the digits of a number in another base, greatest first, with none for zero. */
function inBase(values: ArrayLike<number>, from: number, to: number): number[] {
  const digits: number[] = [];
  for (const value of Array.from(values)) {
    let carry = value;
    for (let index = 0; index < digits.length; index += 1) {
      carry += (digits[index] ?? 0) * from;
      digits[index] = carry % to;
      carry = Math.floor(carry / to);
    }
    for (; carry > 0; carry = Math.floor(carry / to)) digits.push(carry % to);
  }
  return digits.reverse();
}
