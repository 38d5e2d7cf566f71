// Reads decimal numbers from bytes, correctly rounded.

const SPACE = 0x20;
const TAB = 0x09;
const PLUS = 0x2b;
const MINUS = 0x2d;
export const DECIMAL_POINT = 0x2e;
export const DECIMAL_COMMA = 0x2c;
const ZERO = 0x30;

/** Integers of so many digits are exact in float64, and so are the powers of ten up to 10²². */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => Number(`1e${power}`));

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The float64 nearest to the decimal number that `bytes` have between `from` and `to`, spaces around it left out; NaN
 * where there is none. `mark` stands between the whole and the fraction. Where digits and power of ten are exact, their quotient is rounded once, and so right
 * (W. Clinger, "How to read floating point numbers accurately", PLDI 1990); else JavaScript's own reading is.
 */
export function decimal(bytes: Uint8Array, from: number, to: number, mark = DECIMAL_POINT): number {
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  const isNegative = bytes[from] === MINUS;
  let at = isNegative || bytes[from] === PLUS ? from + 1 : from;
  let [integer, digits, point] = [0, 0, -1];
  for (; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      integer = 10 * integer + digit;
      digits++;
    } else if (bytes[at] === mark && point < 0) point = at;
    else break;
  }
  if (at === to && digits > 0 && digits <= EXACT_DIGITS) {
    const value = point < 0 ? integer : integer / POWERS[to - point - 1];
    return isNegative ? -value : value;
  }
  const written = new TextDecoder().decode(bytes.subarray(from, to));
  const text = mark === DECIMAL_POINT ? written : written.replace(",", ".");
  return NUMBER.test(text) ? Number(text) : NaN;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
