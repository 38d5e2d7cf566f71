// SHA-256 in browsers: their own is asynchronous, and not there on plain http.

import { sha256 as sum } from "@noble/hashes/sha2.js";
import type { Sha256 } from "../../base/sha256.ts";

export const sha256: Sha256 = (...parts) => {
  const pieces = sum.create();
  for (const part of parts) pieces.update(part);
  return pieces.digest();
};
