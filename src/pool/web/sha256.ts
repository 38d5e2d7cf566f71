// SHA-256 in browsers: their own is several times as fast, but asynchronous, for bytes in one piece, and not there on plain http.

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

/** By the browser where it can. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return globalThis.isSecureContext
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
    : sha256(bytes);
}
