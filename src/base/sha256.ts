// SHA-256 as the core sees it: a function that is passed in, since Node and browsers differ in theirs.

/** SHA-256 (FIPS 180-4) of the concatenation of `parts`: 32 bytes. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array;

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
