// Checksums: a digest over the fields of what is stored, so that whatever was changed since is seen.

import { hex, type Sha256 } from "../base/sha256.ts";

export type Field = string | number | Uint8Array | null;

/** Where few bytes are put together: to make room for each anew takes as long as the rest. */
const together = new DataView(new ArrayBuffer(65_536));

const text = new TextEncoder();

/**
 * SHA-256 over the fields in their order, 64 hex digits. Each goes in with its kind and its length, so that no two
 * lists of fields give the same bytes; a number as float64, every NaN as the same.
 */
export function checksum(sha256: Sha256, ...fields: readonly Field[]): string {
  let most = 0;
  for (const field of fields) most += 9 + mostBytes(field);
  const view = most <= together.byteLength ? together : new DataView(new ArrayBuffer(most));
  const bytes = new Uint8Array(view.buffer);
  let at = 0;
  for (const field of fields) {
    bytes[at] = kindOf(field);
    const size = put(field, bytes.subarray(at + 9), view, at + 9);
    view.setFloat64(at + 1, size, true);
    at += 9 + size;
  }
  return hex(sha256(bytes.subarray(0, at)));
}

/** Returns how many bytes it takes of `room`, which begins at `at`. */
function put(field: Field, room: Uint8Array, view: DataView, at: number): number {
  if (field === null) return 0;
  if (typeof field === "string") return text.encodeInto(field, room).written;
  if (typeof field === "number") {
    view.setFloat64(at, Number.isNaN(field) ? NaN : field, true);
    return 8;
  }
  room.set(field);
  return field.length;
}

/** A character takes three bytes at the most. */
function mostBytes(field: Field): number {
  if (typeof field === "string") return 3 * field.length;
  if (typeof field === "number") return 8;
  return field?.length ?? 0;
}

/** "s", "n", "0" or "b". */
function kindOf(field: Field): number {
  if (typeof field === "string") return 0x73;
  if (typeof field === "number") return 0x6e;
  return field === null ? 0x30 : 0x62;
}
