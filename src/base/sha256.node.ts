// SHA-256 from Node's crypto.

import { createHash, hash } from "node:crypto";
import type { Sha256 } from "./sha256.ts";

/** Bytes that are put together rather than read piece by piece. */
const FEW = 65_536;

export const sha256: Sha256 = (...parts) => {
  // Objects that read piece by piece outlive their use by far: of small digests by the thousand they are most memory.
  if (parts.reduce((sum, { length }) => sum + length, 0) <= FEW)
    return new Uint8Array(hash("sha256", Buffer.concat(parts), "buffer"));
  const pieces = createHash("sha256");
  for (const part of parts) pieces.update(part);
  return new Uint8Array(pieces.digest());
};
