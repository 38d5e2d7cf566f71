// Whether this process may have the addresses that worker threads want: where it may not, V8 ends it without a word
// of ours.

import { readFileSync } from "node:fs";
import { WidthwiseError } from "../../base/errors.ts";

/** Bytes of addresses that a thread takes, most of them never used: measured 0.6 GB, and some to spare. */
const THREAD = 1e9;

/** Throws WidthwiseError where a limit (ulimit -v) leaves too few for `count` threads more. Linux alone tells. */
export function refuseFewAddresses(count: number): void {
  const limit = read("/proc/self/limits", /^Max address space +(\d+) /m);
  const used = read("/proc/self/status", /^VmSize:\s+(\d+) kB/m);
  if (limit === null || used === null || limit - 1024 * used >= count * THREAD) return;
  throw new WidthwiseError(
    `worker threads cannot be started: this process may not have enough addresses (${count === 1 ? "one takes" : `${count} take`} about ${count} GB, most of them never used); raise its limit (ulimit -v unlimited), or ask for fewer --workers`,
  );
}

/** null where it is not told, or unlimited. */
function read(path: string, pattern: RegExp): number | null {
  try {
    const found = pattern.exec(readFileSync(path, "utf8"))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}
