// Checksums: a digest over the fields of what is stored, so that whatever was changed since is seen.

import { hex, utf8, type Sha256 } from "../base/sha256.ts";

export type Field = string | number | Uint8Array | null;

/**
 * SHA-256 over the fields in their order, 64 hex digits. Each goes in with its kind and its length, so that no two
 * lists of fields give the same bytes; a number as float64, every NaN as the same.
 */
export function checksum(sha256: Sha256, ...fields: readonly Field[]): string {
  return hex(sha256(...fields.flatMap(partsOf)));
}

function partsOf(field: Field): Uint8Array[] {
  if (field === null) return [head("0", 0)];
  if (typeof field === "number") {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, Number.isNaN(field) ? NaN : field, true);
    return [head("n", 8), new Uint8Array(bits.buffer)];
  }
  const bytes = typeof field === "string" ? utf8(field) : field;
  return [head(typeof field === "string" ? "s" : "b", bytes.length), bytes];
}

/** Kind and length: 9 bytes. */
function head(kind: string, length: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(9));
  bytes.setUint8(0, kind.charCodeAt(0));
  bytes.setFloat64(1, length, true);
  return new Uint8Array(bytes.buffer);
}
