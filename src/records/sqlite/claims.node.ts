// The sole right to train a trial, among processes: a lock on a file of the trial's own, beside the store. Called
// while the store is this process's alone, so that no other one makes or takes away these files meanwhile.

import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { tryLock, type Lock } from "../../base/lock.node.ts";

/** The folder of a store's claims: one file for each trial that is being trained. */
function claimsFolder(store: string): string {
  return `${store}-claims`;
}

/** null where another process, or another one that has opened the store in this one, has it. */
export function claimTrial(store: string, key: string): Lock | null {
  try {
    const lock = tryLock(join(claimsFolder(store), key));
    if (lock === null) return null;
    return {
      release() {
        lock.release();
        removeIfEmpty(claimsFolder(store));
      },
    };
  } catch (error) {
    removeIfEmpty(claimsFolder(store));
    throw error;
  }
}

/** Keys of the trials that are being trained, after `sweepClaims`. */
export function claimedTrials(store: string): Set<string> {
  const folder = claimsFolder(store);
  return new Set(existsSync(folder) ? readdirSync(folder) : []);
}

/** Takes away what killed processes have left. */
export function sweepClaims(store: string): void {
  const folder = claimsFolder(store);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (/^[0-9a-f]{64}$/.test(name)) tryLock(join(folder, name))?.release();
  removeIfEmpty(folder);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others have claims in it, or have taken it away.
  }
}
