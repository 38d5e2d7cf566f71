// The sole right to train trials, among processes: a lock on a file beside the store, named by the first of the trials;
// where it is for several, another file lists them. Called while the store is this process's alone, so that no other one
// makes or takes away these files meanwhile.

import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryLock, type Lock } from "../../base/lock.node.ts";

export interface TrialsLock extends Lock {
  readonly keys: readonly string[];
}

/** The folder of a store's claims. */
function claimsFolder(store: string): string {
  return `${store}-claims`;
}

/**
 * Claims those of `asked` that neither another process has, nor another one that has opened the store in this one; null
 * where that is none of them.
 */
export function claimTrials(store: string, asked: readonly string[]): TrialsLock | null {
  const folder = claimsFolder(store);
  let release = () => {
    removeIfEmpty(folder);
  };
  try {
    const taken = claimedTrials(store, asked);
    const keys = asked.filter((key) => !taken.has(key));
    const [path] = keys.map((key) => join(folder, key));
    const lock = keys.length === 0 ? null : tryLock(path);
    if (lock === null) {
      release();
      return null;
    }
    release = () => {
      letGo(path, lock);
      removeIfEmpty(folder);
    };
    if (keys.length > 1) writeFileSync(listOf(path), keys.join("\n"));
    return { keys, release };
  } catch (error) {
    release();
    throw error;
  }
}

function letGo(path: string, lock: Lock): void {
  rmSync(listOf(path), { force: true });
  lock.release();
}

/** The trials that are being trained; where `asked` are given, those of them alone. Takes away what killed processes have left. */
export function claimedTrials(store: string, asked?: readonly string[]): Set<string> {
  const folder = claimsFolder(store);
  const claimed = new Set<string>();
  if (!existsSync(folder)) return claimed;
  const wanted = asked && new Set(asked);
  for (const name of readdirSync(folder)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const path = join(folder, name);
    const list = listOf(path);
    const keys = existsSync(list) ? readFileSync(list, "utf8").split("\n") : [name];
    if (wanted && !keys.some((key) => wanted.has(key))) continue;
    const lock = tryLock(path);
    if (lock === null) for (const key of keys) claimed.add(key);
    else letGo(path, lock);
  }
  return claimed;
}

/** Takes away what killed processes have left. */
export function sweepClaims(store: string): void {
  claimedTrials(store);
  removeIfEmpty(claimsFolder(store));
}

function listOf(lock: string): string {
  return `${lock}.trials`;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others have claims in it, or have taken it away.
  }
}
