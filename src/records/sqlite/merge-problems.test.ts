// Stores that are merged: what is damaged or differs is told and left out.

import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { chained, keyOf, parametersOf, plan, whole } from "../../../test/support/updates.ts";
import {
  folder,
  pathOf,
  withStore,
  shard,
  merge,
  contentOf,
} from "../../../test/support/merging.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { FingerprintChain, trialKey } from "../fingerprint.ts";
import { keptMeasurement } from "../measured.ts";
import type { Checkpoint } from "../record.ts";
import type { TrialUpdate } from "../store.ts";
import { RefusedShard } from "./merge.node.ts";

/** The same trial as `chained` makes, as if a machine had counted otherwise from pass `from` on. */
function differing(passes: number, seed: number, from: number): TrialUpdate {
  const made = chained(passes, seed);
  const chain = FingerprintChain.begin(made.key, parametersOf(0), sha256);
  const rows = made.rows.map(({ evaluation: { pass, train, test }, averages }) => {
    const counted = { ...train, correct: pass < from ? train.correct : 249 };
    const weights = { parameters: parametersOf(pass), state: [] };
    if (pass > 0) chain.evaluated(counted, test, weights);
    const evaluation = { pass, train: counted, test, fingerprint: chain.fingerprint };
    return { evaluation, averages };
  });
  return { ...made, rows, fingerprint: chain.fingerprint };
}

describe("what is wrong is told by the shard's name, and the rest is taken", () => {
  test("two shards that differ: the first pass, and the store keeps what it had", async () => {
    await shard("other", [chained(4, 2)]);
    await shard("a", [chained(4, 1)]);
    await shard("b", [differing(4, 1, 3), chained(4, 3)]);
    const [, , { added, problems }] = await merge("other", "a", "b");
    expect(added).toBe(1);
    expect(problems).toEqual([
      `${pathOf("b")}: trial ${keyOf(1).slice(0, 12)} differs from pass 3 on from that of ${pathOf("a")}, which stays as it is in ${pathOf("main")}; widthwise verify tells whether it is right`,
    ]);
    await withStore("main", async (store) => {
      expect((await store.get(keyOf(1), 4))?.fingerprint).toBe(chained(4, 1).fingerprint);
      expect(await store.get(keyOf(3), 4)).not.toBeNull();
    });
  });

  test("measurements that differ, alone or before the first row that does", async () => {
    for (const [name, update, value] of [
      ["a", chained(4, 1), 1],
      ["b", chained(4, 1), 2],
      ["c", differing(4, 1, 4), 2],
    ] as const) {
      const row = update.rows[3].evaluation;
      await shard(name, [update]);
      await withStore(name, (store) =>
        store.addMeasurements(update.key, [
          keptMeasurement("weight norms", row, new Float64Array([value]), sha256),
        ]),
      );
    }
    const differs = [expect.stringContaining(" differs from pass 3 on from that of ") as string];
    const merged = await merge("a", "b", "c");
    expect(merged.map(({ problems }) => problems)).toEqual([[], differs, differs]);
  });

  /** What an accident, or somebody who sets seals right, may do to a shard's rows. */
  test.each<[string, string, string]>([
    ["a row", "UPDATE trials SET passes = 3", "its row is damaged"],
    ["a key", "UPDATE trials SET key = 'ff' || substr(key, 3)", "its row is damaged"],
    ["a pass", "UPDATE evaluations SET test_correct = 9 WHERE pass = 2", "pass 2 is damaged"],
    [
      "a pass that is gone",
      "DELETE FROM evaluations WHERE pass = 2",
      "the list of its passes is damaged",
    ],
    [
      "a bit of its weights",
      "UPDATE snapshots SET parameters = zeroblob(length(parameters))",
      "the checkpoint of pass 4 is damaged",
    ],
    ["its weights", "DELETE FROM snapshots", "its checkpoint is damaged"],
    [
      "a sitting that is gone",
      "DELETE FROM stretches",
      "the list of its sittings of training is damaged",
    ],
    ["a sitting", "UPDATE stretches SET seconds = 9", "a sitting of its training is damaged"],
    ["a measurement", "UPDATE measurements SET version = 9", "a measurement of pass 4 is damaged"],
  ])("%s", async (_, sql, what) => {
    const update = chained(4, 1);
    await shard("a", [update]);
    await withStore("a", (store) =>
      store.addMeasurements(update.key, [
        keptMeasurement("weight norms", update.rows[4].evaluation, new Float64Array([1]), sha256),
      ]),
    );
    await shard("b", [chained(4, 2)]);
    const database = new Database(pathOf("a"));
    database.exec("PRAGMA foreign_keys = OFF");
    database.exec(sql);
    if (sql.includes("FROM snapshots")) database.exec("UPDATE totals SET snapshots = 0");
    database.close();
    const [first, second] = await merge("a", "b");
    expect(first.added).toBe(0);
    expect(first.problems).toEqual([
      expect.stringMatching(/^\S+a\.db: trial [0-9a-f]{12} is not taken, since /),
    ]);
    expect(first.problems[0]).toContain(what);
    expect(second).toEqual({ trials: 1, added: 1, problems: [] });
    await withStore("main", async (store) => {
      expect(await store.totals()).toMatchObject({ trials: 1 });
      expect(await store.gaps()).toEqual([]);
    });
  });

  const change = (column: string, value: string) =>
    `UPDATE study_trials SET ${column} = ${value} WHERE position = 1`;
  test.each<[string, string]>([
    ["position", change("position", "9")],
    ["key", change("key", "substr(key, 2) || 'f'")],
    ["passes", change("passes", "passes + 1")],
    ["role", change("role", "'search'")],
    ["width", change("width", "width + 1")],
    ["seed", change("seed", "NULL")],
    ["others", change("others", "'{}'")],
    ["others, of which it has none,", change("others", "''")],
    ["seal", change("seal", "substr(seal, 2) || 'f'")],
    ["last row", "DELETE FROM study_trials WHERE position = 1"],
    [
      "end",
      "INSERT INTO study_trials SELECT study, 2, key, passes, role, width, seed, seal, others FROM study_trials WHERE position = 1",
    ],
  ])("a plan whose %s is damaged, after a shard with the same plan", async (_, sql) => {
    for (const name of ["a", "b"]) await shard(name, [chained(4, 1)], plan(4, [1, 2]));
    const database = new Database(pathOf("b"));
    database.exec(sql);
    database.close();
    const [first, second] = await merge("a", "b");
    expect(first.problems).toEqual([]);
    expect(second.problems).toEqual([
      expect.stringMatching(
        /^\S+b\.db: study [0-9a-f]{12}: .* is damaged; it counts as not there$/,
      ),
    ]);
  });

  test("a row of a plan of thousands, the first of them, after a shard with the same plan", async () => {
    const seeds = Array.from({ length: 5001 }, (_, seed) => seed);
    for (const name of ["a", "b"]) await shard(name, [], plan(4, seeds));
    const database = new Database(pathOf("b"));
    database.exec("UPDATE study_trials SET width = 3 WHERE position = 0");
    database.close();
    const [first, second] = await merge("a", "b");
    expect(first.problems).toEqual([]);
    expect(second.problems).toEqual([expect.stringContaining("its trial 1 is damaged")]);
  });

  test("rows of a trial that was trained whole", async () => {
    await withStore("a", async (store) => {
      await store.plan(plan(4, [1]));
      await store.keepWhole([whole(chained(4, 1))]);
    });
    const database = new Database(pathOf("a"));
    database.exec("UPDATE trajectories SET rows = CAST(x'01' || substr(rows, 2) AS BLOB)");
    database.close();
    const [{ added, problems }] = await merge("a");
    expect(added).toBe(0);
    expect(problems).toEqual([expect.stringContaining("its trajectory is damaged")]);
  });

  test("what has right seals, and is not what its key or its chain says", async () => {
    const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((seed) =>
      chained(4, seed, seed < 4 ? [] : [parametersOf(7)]),
    );
    const foreign = (update: TrialUpdate, checkpoint: Partial<Checkpoint>) => ({
      ...update,
      checkpoint: { ...update.checkpoint, ...checkpoint },
    });
    const begun = foreign(chained(0, 6), { state: [parametersOf(7)] });
    await shard(
      "a",
      [
        foreign(one, { parameters: parametersOf(3) }),
        { ...two, fingerprint: "ab".repeat(32) },
        { ...three, key: keyOf(9) },
        foreign(four, { state: [parametersOf(8)] }),
        five,
        begun,
      ],
      plan(4, [1, 2, 3, 4, 5, 6]),
    );
    const [{ trials, added, problems }] = await merge("a");
    expect([trials, added]).toEqual([6, 1]);
    expect(problems).toEqual(
      [
        "its set of weights after pass 4 is damaged",
        "the end of its chain of fingerprints is damaged",
        "its key is damaged",
        "its set of weights after pass 4 is damaged",
        "its set of weights after pass 0 is damaged",
      ].map((what) => expect.stringContaining(what) as string),
    );
    await withStore("main", async (store) => {
      expect((await store.checkpoint(five.key, 4))?.state).toEqual([parametersOf(7)]);
    });
  });

  test("the first of several sets of weights", async () => {
    const [two, four] = [chained(2, 1), chained(4, 1)];
    const checkpoint = { ...two.checkpoint, parameters: parametersOf(3) };
    const study = plan(2, [1]);
    const trials = [...study.trials, { ...study.trials[0], passes: 4 }];
    await shard(
      "a",
      [
        { ...two, checkpoint },
        { ...four, rows: four.rows.slice(3), since: 2 },
      ],
      { ...study, trials },
    );
    const [{ added, problems }] = await merge("a");
    expect(added).toBe(0);
    expect(problems).toEqual([
      expect.stringContaining("its set of weights after pass 2 is damaged"),
    ]);
  });

  test("a measurement of another row, and a trial whose given parameters are gone", async () => {
    const [one, two] = [chained(4, 1), chained(4, 2)];
    const values = new Float64Array([1]);
    const foreign = keptMeasurement("weight norms", two.rows[4].evaluation, values, sha256);
    const model = { hidden: [2], init: { parameters: "ab".repeat(32) } };
    const specification = { ...one.specification, model };
    await shard("a", [
      one,
      { ...chained(0, 1), key: trialKey(specification, sha256), specification },
    ]);
    await withStore("a", (store) => store.addMeasurements(one.key, [foreign]));
    const [{ added, problems }] = await merge("a");
    expect(added).toBe(0);
    expect(problems).toEqual([
      expect.stringContaining("a measurement of pass 4 is damaged"),
      expect.stringContaining("what it begins with is damaged"),
    ]);
  });

  test("a trial that vanished, a study, and parameters that trials begin with", async () => {
    await shard("a", [chained(4, 1)]);
    await withStore("a", (store) => store.keepGiven("cd".repeat(32), Uint8Array.of(1, 2)));
    const database = new Database(pathOf("a"));
    database.exec("UPDATE totals SET trials = 2; UPDATE studies SET name = 'other'");
    database.close();
    const [{ added, problems }] = await merge("a");
    expect(added).toBe(1);
    expect(problems.map((one) => one.replace(pathOf("a"), ""))).toEqual([
      expect.stringMatching(/^: it kept 2 trials, and 1 are there/),
      expect.stringMatching(/^: study [0-9a-f]{12}: its row is damaged/),
      expect.stringMatching(/^: initial parameters cdcdcdcdcdcd are damaged/),
    ]);
  });

  test("a file that is cut off, none, another program's, a newer one's, or the store itself", async () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    await shard(
      "cut",
      seeds.map((seed) => chained(4, seed)),
      plan(4, seeds),
    );
    const made = readFileSync(pathOf("cut"));
    writeFileSync(pathOf("cut"), made.subarray(0, Math.floor(made.length / 8192) * 4096));
    writeFileSync(pathOf("text"), "no store");
    copyFileSync(pathOf("text"), pathOf("other"));
    await shard("newer", []);
    const database = new Database(pathOf("newer"));
    database.exec("PRAGMA user_version = 999");
    database.close();
    await shard("main", [chained(4, 1)]);
    for (const [name, sentence] of [
      [
        "cut",
        /^\S+cut\.db: (its file is damaged or cut off|the file is damaged .*); it is refused$/,
      ],
      ["none", /^\S+none\.db: there is no such file; it is refused$/],
      ["text", /^\S+text\.db: not a store of widthwise; .* it is refused$/],
      ["newer", /^\S+newer\.db: it has schema 999; .* it is refused$/],
      ["main", /^\S+main\.db: it is the store itself; it is refused$/],
    ] as const) {
      const refused = await merge(name).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RefusedShard);
      expect((refused as Error).message).toMatch(sentence);
    }
    expect(readdirSync(folder)).not.toContain("none.db");
    await withStore("main", async (store) => {
      expect(await store.totals()).toMatchObject({ trials: 1 });
    });
  });

  test("a file that is damaged at its end: nothing of what comes before is taken", async () => {
    const seeds = Array.from({ length: 1100 }, (_, seed) => seed);
    await withStore("a", async (store) => {
      await store.plan(plan(0, seeds));
      await store.keepWhole(seeds.map((seed) => whole(chained(0, seed))));
    });
    const made = readFileSync(pathOf("a"));
    writeFileSync(pathOf("a"), made.fill(0, made.length - 4096));
    await expect(merge("a")).rejects.toThrow("its file is damaged or cut off; it is refused");
    await withStore("main", async (store) => {
      expect(await store.totals()).toMatchObject({ trials: 0 });
    });
  });

  test("any bit of a shard that is flipped is told, or changes nothing", async () => {
    await shard("a", [chained(4, 1), chained(4, 2)], plan(4, [1, 2]));
    const made = readFileSync(pathOf("a"));
    await merge("a");
    const expected = contentOf("main");
    let told = 0;
    for (let i = 0; i < 60; i++) {
      const flipped = Uint8Array.from(made);
      const bit =
        createHash("sha256").update(`bit ${i}`).digest().readUInt32LE() % (8 * made.length);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      rmSync(pathOf("main"));
      writeFileSync(pathOf("b"), flipped);
      const problems = await merge("b").then(
        ([one]) => one.problems,
        (error: unknown) => {
          expect(error).toBeInstanceOf(RefusedShard);
          return ["refused"];
        },
      );
      if (problems.length > 0) told++;
      else expect(contentOf("main"), `bit ${bit}`).toEqual(expected);
      rmSync(pathOf("b"));
    }
    expect(told).toBeGreaterThan(4);
  });

  test("a trial that is being trained stays with whoever trains it, and a damaged one is replaced", async () => {
    await shard("a", [chained(4, 1), chained(4, 2)]);
    await withStore("main", async (store) => {
      const claim = await store.claim(keyOf(1));
      expect((await merge("a"))[0]).toEqual({
        trials: 2,
        added: 1,
        problems: [
          `${pathOf("a")}: trial ${keyOf(1).slice(0, 12)} is being trained now; merge again when that has ended`,
        ],
      });
      await claim?.release();
    });
    const database = new Database(pathOf("main"));
    database.exec("UPDATE evaluations SET test_correct = 9 WHERE pass = 2");
    database.close();
    expect((await merge("a"))[0]).toEqual({ trials: 2, added: 2, problems: [] });
    expect((await merge("a"))[0].added).toBe(0);
  });
});
