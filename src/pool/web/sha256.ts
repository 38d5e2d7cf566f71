// SHA-256 in browsers: their own is asynchronous, and not there on plain http.

import { sha256 as sum } from "@noble/hashes/sha2.js";
import type { Sha256 } from "../../base/sha256.ts";
import type { Hash } from "../../data/make-dataset.ts";
import { pause } from "./pause.ts";

export const sha256: Sha256 = (...parts) => {
  const pieces = sum.create();
  for (const part of parts) pieces.update(part);
  return pieces.digest();
};

/** Lets the thread do something else between the parts. */
export const hash: Hash = async (parts) => {
  const pieces = sum.create();
  for (const part of parts) {
    pieces.update(part);
    await pause();
  }
  return pieces.digest();
};
