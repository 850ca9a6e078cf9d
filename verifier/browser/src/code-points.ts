// The order of texts by code points: JavaScript's own compares UTF-16 units, which differ from U+E000 on.

const FIRST_SURROGATE = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/** Compare two texts by their code points, for `sort`: the order of RDFC-1.0 and of Python. */
export function byCodePoints(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  for (let index = 0; index < end; index++) {
    const left = one.charCodeAt(index);
    const right = other.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return one.length - other.length;
}

/** Return where a UTF-16 unit stands: surrogates write what lies beyond U+FFFF, so they come last. */
function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < BEHIND_SURROGATES ? unit + 0x10000 : unit;
}
