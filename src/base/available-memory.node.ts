// How much memory this process may use.

import { totalmem } from "node:os";

/** Bytes: the machine's memory, or the share of it that a container is given. */
export function availableMemory(): number {
  // Where nothing constrains it, Node gives nothing, 0, or more than any machine has.
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained || Infinity);
}
