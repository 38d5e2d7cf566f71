// SHA-256 as the core sees it: a function that is passed in, since Node and browsers differ in theirs.

/** SHA-256 (FIPS 180-4) of the concatenation of `parts`: 32 bytes. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array;

const DIGITS = new TextEncoder().encode("0123456789abcdef");
const ascii = new TextDecoder("latin1");

export function hex(bytes: Uint8Array): string {
  // Made at once: a string that grows keeps its beginnings, ten times the memory of a digest.
  const digits = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    digits[2 * at] = DIGITS[bytes[at] >> 4];
    digits[2 * at + 1] = DIGITS[bytes[at] & 15];
  }
  return ascii.decode(digits);
}

/** The bytes of hexadecimal digits, two for each. */
export function fromHex(digits: string): Uint8Array {
  const value = (at: number) => {
    const code = digits.charCodeAt(at);
    return code < 58 ? code - 48 : (code | 32) - 87;
  };
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * value(2 * i) + value(2 * i + 1);
  return bytes;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
