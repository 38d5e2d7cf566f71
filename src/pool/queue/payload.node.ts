// What goes through the queue's server: pieces of bytes, sealed, with the version of their layout. JSON alone would lose
// NaN, and the server is no place to trust.

import { sha256 } from "../../base/sha256.node.ts";
import { hex } from "../../base/sha256.ts";
import { WidthwiseError } from "../../base/errors.ts";

/** Of the layout, and of what the messages say (messages.node.ts). */
const VERSION = 1;

/** Bytes of a message: Redis takes 512 MB, a third of which goes for letters. */
export const MOST_BYTES = 256e6;

const MOST_PIECES = 10_000;

/** A job's data: letters, so that the server's JSON holds them. */
export interface Payload {
  readonly version: number;
  /** SHA-256 of the bytes. */
  readonly seal: string;
  /** Base64: uint32 number of pieces, their lengths, and the pieces; little-endian. */
  readonly bytes: string;
}

/** Throws WidthwiseError where they are more than a message may have. */
export function packed(...pieces: readonly Uint8Array[]): Payload {
  const head = new Uint32Array([pieces.length, ...pieces.map(({ length }) => length)]);
  const size = pieces.reduce((sum, { length }) => sum + length, head.byteLength);
  if (size > MOST_BYTES)
    throw new WidthwiseError(
      `a trial's state of ${Math.round(size / 1e6)} MB does not fit through the queue, which takes ${MOST_BYTES / 1e6} MB; train it without --queue`,
    );
  const bytes = Buffer.concat([new Uint8Array(head.buffer), ...pieces], size);
  return { version: VERSION, seal: hex(sha256(bytes)), bytes: bytes.toString("base64") };
}

/** The pieces, which share a buffer; null where they are none of this version, or not whole. */
export function unpacked(data: unknown): Uint8Array[] | null {
  if (typeof data !== "object" || data === null) return null;
  const { version, seal, bytes: letters } = data as Partial<Record<keyof Payload, unknown>>;
  if (version !== VERSION || typeof letters !== "string" || letters.length > 1.4 * MOST_BYTES)
    return null;
  const bytes = Buffer.from(letters, "base64");
  if (bytes.length < 4 || hex(sha256(bytes)) !== seal) return null;
  const count = bytes.readUInt32LE(0);
  if (count > MOST_PIECES || bytes.length < 4 * (1 + count)) return null;
  let at = 4 * (1 + count);
  const ends = Array.from({ length: count }, (_, index) => {
    at += bytes.readUInt32LE(4 * (1 + index));
    return at;
  });
  if (at !== bytes.length) return null;
  const whole = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 4 * (1 + count), end));
}
