// Checksums: a digest over the fields of what is stored, so that whatever was changed since is seen.

import { hex, type Sha256 } from "../base/sha256.ts";

export type Field = string | number | Uint8Array | null;

/** Where fields are put together; it grows with the largest. */
let bytes = new Uint8Array(4096);
let view = new DataView(bytes.buffer);
const text = new TextEncoder();

/**
 * SHA-256 over the fields in their order, 64 hex digits. Each goes in with its kind and its length, so that no two
 * lists of fields give the same bytes; a number as float64, every NaN as the same.
 */
export function checksum(sha256: Sha256, ...fields: readonly Field[]): string {
  let at = 0;
  for (const field of fields) {
    makeRoom(at + 9 + mostBytes(field));
    bytes[at] = kindOf(field);
    const size = put(field, at + 9);
    view.setFloat64(at + 1, size, true);
    at += 9 + size;
  }
  return hex(sha256(bytes.subarray(0, at)));
}

/** Returns how many bytes it takes. */
function put(field: Field, at: number): number {
  if (field === null) return 0;
  if (typeof field === "string") return text.encodeInto(field, bytes.subarray(at)).written;
  if (typeof field === "number") {
    view.setFloat64(at, Number.isNaN(field) ? NaN : field, true);
    return 8;
  }
  bytes.set(field, at);
  return field.length;
}

/** A character takes three bytes at the most. */
function mostBytes(field: Field): number {
  if (field === null) return 0;
  return typeof field === "number"
    ? 8
    : typeof field === "string"
      ? 3 * field.length
      : field.length;
}

function makeRoom(size: number): void {
  if (size <= bytes.length) return;
  const larger = new Uint8Array(2 * size);
  larger.set(bytes);
  bytes = larger;
  view = new DataView(bytes.buffer);
}

function kindOf(field: Field): number {
  if (field === null) return CODES.null;
  return CODES[typeof field === "number" ? "number" : typeof field === "string" ? "text" : "bytes"];
}

/** Of "0", "n", "s" and "b". */
const CODES = { null: 48, number: 110, text: 115, bytes: 98 } as const;
