// Stores in a folder of a test's own, and what merging them comes to.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach } from "vitest";
import { plan } from "./updates.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import type { TrialUpdate } from "../../src/records/store.ts";
import { Merging, type MergedShard } from "../../src/records/sqlite/merge.node.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";

export let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "widthwise-merging-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

export const pathOf = (name: string) => join(folder, `${name}.db`);

export const onDamage = (message: string) => {
  throw new Error(message);
};

export async function withStore<Result>(
  name: string,
  work: (store: SqliteStore) => Promise<Result>,
): Promise<Result> {
  const trainer = { machine: `machine of ${name}`, versions: "some" };
  const store = new SqliteStore(pathOf(name), { sha256, trainer, onDamage });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A store with these trials, and a study that asks for the trials of all shards. */
export function shard(name: string, updates: readonly TrialUpdate[], study = plan(4, [1, 2, 3])) {
  return withStore(name, async (store) => {
    await store.plan(study);
    for (const update of updates) await store.commit(update);
  });
}

export async function merge(...names: readonly string[]): Promise<MergedShard[]> {
  const merging = new Merging(pathOf("main"), { sha256, onDamage });
  const merged: MergedShard[] = [];
  try {
    for (const name of names) merged.push(await merging.take(pathOf(name)));
    return merged;
  } finally {
    merging.close();
  }
}

/** All that a store keeps, as its rows say it, but for the numbers that they have in it. */
export function contentOf(name: string): unknown {
  const database = new Database(pathOf(name), { readonly: true });
  const rows = (sql: string) => database.prepare(sql).all([]);
  const ofTrial = (table: string) =>
    rows(`SELECT key, ${table}.* FROM ${table} JOIN trials ON trials.id = trial ORDER BY 1, 3`).map(
      (row) => ({ ...(row as object), trial: 0 }),
    );
  try {
    return {
      trials: rows("SELECT * FROM trials ORDER BY key").map((row) => ({
        ...(row as object),
        id: 0,
      })),
      rest: ["evaluations", "trajectories", "snapshots", "stretches", "measurements"].map(ofTrial),
      plan: rows(
        "SELECT id, study_trials.key, passes, role, width, seed FROM study_trials JOIN studies ON number = study ORDER BY id, position",
      ),
      given: rows("SELECT * FROM given"),
      totals: rows("SELECT * FROM totals"),
    };
  } finally {
    database.close();
  }
}
