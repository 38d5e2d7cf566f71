// SHA-256 from Node's crypto.

import { createHash, hash } from "node:crypto";
import type { Sha256 } from "./sha256.ts";

/** Few bytes are put together here rather than read piece by piece. */
const together = new Uint8Array(65_536);

export const sha256: Sha256 = (...parts) => {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  // Objects that read piece by piece outlive their use by far: of small digests by the thousand they are most memory.
  if (size <= together.length) return ofFew(parts, size);
  const pieces = createHash("sha256");
  for (const part of parts) pieces.update(part);
  return new Uint8Array(pieces.digest());
};

function ofFew(parts: readonly Uint8Array[], size: number): Uint8Array {
  let at = 0;
  for (const part of parts) {
    together.set(part, at);
    at += part.length;
  }
  // As text, a character a byte: a buffer of its own takes twice the time.
  const characters = hash("sha256", together.subarray(0, size), "binary");
  const digest = new Uint8Array(characters.length);
  for (let at = 0; at < digest.length; at++) digest[at] = characters.charCodeAt(at);
  return digest;
}
