// RSA moduli that can be factored: what is told of them without factoring.

import { fromBytes, power } from "./big-integer";

const EXPONENT = 65_537n;
// A modulus that shares one of these was not made of two large primes.
const SMALL_PRIMES = primesBelow(1000);
// CVE-2017-15361 (ROCA): a library made primes whose remainders are all powers of 65537, and so are the modulus's; by
// chance that happens once in millions of keys.
const LARGEST_OF_THE_PUBLISHED_TEST = 167;

/** Tell whether a modulus has no small factor and was not made by the library whose keys can be factored (ROCA). */
export function isMadeOfLargePrimes(modulus: Uint8Array): boolean {
  const number = fromBytes(modulus);
  const remainders = SMALL_PRIMES.map((prime) => ({ prime, remainder: Number(number % BigInt(prime)) }));
  if (remainders.some(({ remainder }) => remainder === 0)) return false;
  return remainders.some(
    ({ prime, remainder }) =>
      prime > 2 && prime <= LARGEST_OF_THE_PUBLISHED_TEST && !powersBy(prime).has(BigInt(remainder)),
  );
}

function powersBy(prime: number): ReadonlySet<bigint> {
  return new Set(Array.from({ length: prime }, (_, exponent) => power(EXPONENT, BigInt(exponent), BigInt(prime))));
}

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = [];
  for (let number = 2; number < limit; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}
