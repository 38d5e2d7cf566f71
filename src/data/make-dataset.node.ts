// Makes a data set of typed arrays, with SHA-256 from Node's crypto.

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { sha256 } from "../base/sha256.node.ts";
import type { Dataset } from "./dataset.ts";
import { digestedDataset } from "./make-dataset.ts";

/** See digestedDataset. */
export function makeDataset(parts: Omit<Dataset, "digest">): Promise<Dataset> {
  return digestedDataset(parts, hash, sha256);
}

/** Lets the thread do something else between the parts. */
export async function hash(parts: Iterable<Uint8Array>): Promise<Uint8Array> {
  const sum = createHash("sha256");
  for (const part of parts) {
    sum.update(part);
    await setImmediate();
  }
  return sum.digest();
}
