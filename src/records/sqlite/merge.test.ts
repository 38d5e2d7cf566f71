// Stores that are merged: what each has is there afterwards, once; what is damaged or differs is told and left out.

import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chained, keyOf, parametersOf, plan } from "../../../test/support/updates.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { FingerprintChain, trialKey } from "../fingerprint.ts";
import { packParameters, parametersDigest } from "../given-parameters.ts";
import { keptMeasurement } from "../measured.ts";
import { packRows } from "../packed-rows.ts";
import type { TrialUpdate } from "../store.ts";
import { Merging, RefusedShard, type MergedShard } from "./merge.node.ts";
import { SqliteStore } from "./sqlite-store.node.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "widthwise-merging-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (name: string) => join(folder, `${name}.db`);

const onDamage = (message: string) => {
  throw new Error(message);
};

async function withStore<Result>(
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
function shard(name: string, updates: readonly TrialUpdate[], study = plan(4, [1, 2, 3])) {
  return withStore(name, async (store) => {
    await store.plan(study);
    for (const update of updates) await store.commit(update);
  });
}

async function merge(...names: readonly string[]): Promise<MergedShard[]> {
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
function contentOf(name: string): unknown {
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

/** A copy of what `made` left: the connection that made it may end, and tidy up, whenever its statements are collected. */
function copied(made: string, name: string): void {
  for (const side of ["", "-wal", "-shm"]) copyFileSync(pathOf(made) + side, pathOf(name) + side);
}

/** Of the stores and their logs; the index beside these is SQLite's own, made anew by whoever reads first. */
function bytesOf(...names: readonly string[]): string[] {
  const digest = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
  return readdirSync(folder)
    .filter((file) => names.some((name) => [`${name}.db`, `${name}.db-wal`].includes(file)))
    .map((file) => `${file} ${digest(file)}`);
}

describe("what shards have is there, once", () => {
  test("one after the other, twice, and what two of them have: as if one store had trained all", async () => {
    await shard("machine-a", [chained(4, 1), chained(4, 2)]);
    await shard("machine-b", [chained(4, 2), chained(4, 3)]);
    copied("machine-a", "a");
    copied("machine-b", "b");
    const before = bytesOf("a", "b");
    expect(before).toHaveLength(4);
    expect(await merge("a", "b")).toEqual([
      { trials: 2, added: 2, problems: [] },
      { trials: 2, added: 1, problems: [] },
    ]);
    const merged = contentOf("main");
    expect(await merge("b", "a", "b")).toEqual(
      Array.from({ length: 3 }, () => ({ trials: 2, added: 0, problems: [] })),
    );
    expect(contentOf("main")).toEqual(merged);
    expect(bytesOf("a", "b"), "the shards, and their logs").toEqual(before);
    await withStore("main", async (store) => {
      expect(await store.gaps()).toEqual([]);
      expect((await store.study(plan(4, [1, 2, 3]).id))?.trials).toHaveLength(3);
      expect((await store.get(keyOf(3), 4))?.trajectory).toHaveLength(5);
      // Who trained it goes along.
      expect((await store.sittings(keyOf(3)))[0].machine).toBe("machine of machine-b");
    });
    await shard("all", [chained(4, 1), chained(4, 2), chained(4, 3)]);
    const { plan: planned, totals } = contentOf("all") as { plan: unknown; totals: unknown };
    expect(contentOf("main")).toMatchObject({ plan: planned, totals });
  });

  test("the longer of two, whichever comes first, with the weights of the shorter one that a study asks for", async () => {
    await shard("short", [chained(2, 1)], plan(2, [1]));
    await shard("long", [chained(4, 1)], plan(4, [1]));
    for (const order of [
      ["short", "long"],
      ["long", "short"],
    ]) {
      const added = (await merge(...order)).map((one) => one.added);
      await withStore("main", async (store) => {
        expect((await store.trials())[0]).toMatchObject({ passes: 4, weights: [2, 4] });
        expect(await store.gaps()).toEqual([]);
      });
      expect(added).toEqual([1, 1]);
      rmSync(pathOf("main"));
    }
  });

  test("weights that no study asks for stay behind", async () => {
    await shard("short", [chained(2, 1)], plan(4, [1]));
    await shard("long", [chained(4, 1)], plan(4, [1]));
    expect((await merge("long", "short")).map(({ added }) => added)).toEqual([1, 0]);
    await withStore("main", async (store) => {
      expect((await store.trials())[0].weights).toEqual([4]);
    });
  });

  test("trials that were trained whole, what was measured, and what trials begin with", async () => {
    const update = chained(4, 1);
    const parameters = packParameters(parametersOf(0));
    const digest = parametersDigest(parametersOf(0), sha256);
    const row = update.rows[4].evaluation;
    const measured = keptMeasurement("weight norms", row, new Float64Array([1, 2, 3]), sha256);
    const named = { ...plan(4, [1]), specification: JSON.stringify({ init: digest }) };
    await withStore("a", async (store) => {
      await store.plan(named);
      await store.keepGiven(digest, parameters);
      const whole = { ...update, rows: packRows(update.rows), examples: { train: 250, test: 20 } };
      await store.keepWhole([whole]);
    });
    await withStore("b", async (store) => {
      await store.plan(named);
      await store.commit(update);
      await store.addMeasurements(update.key, [measured]);
    });
    expect((await merge("a", "b", "a")).map(({ added }) => added)).toEqual([1, 1, 0]);
    await withStore("main", async (store) => {
      expect(await store.measurements(update.key)).toEqual([measured]);
      expect(await store.given(digest)).toEqual(parameters);
      expect((await store.get(update.key, 3))?.trajectory).toHaveLength(4);
    });
  });

  test("a pass off the schedule, and where two differ in it", async () => {
    const specification = { ...chained(0, 1).specification, evaluate: { every: 2 } };
    const key = trialKey(specification, sha256);
    const made = (correct: number) => {
      const chain = FingerprintChain.begin(key, parametersOf(0), sha256);
      const rows = chained(5, 1).rows.map(({ evaluation: { pass, train, test }, averages }) => {
        const weights = { parameters: parametersOf(pass), state: [] };
        const counted = { ...test, correct: pass === 5 ? correct : 1 };
        if (pass === 2 || pass >= 4) chain.evaluated(train, counted, weights, pass);
        const evaluation = { pass, train, test: counted, fingerprint: chain.fingerprint };
        return { evaluation, averages };
      });
      const { fingerprint } = rows[4].evaluation;
      const update = { ...chained(4, 1), key, specification, fingerprint };
      const checkpoint = { ...update.checkpoint, pass: 5, parameters: parametersOf(5) };
      return {
        update: { ...update, rows: [0, 2, 4].map((pass) => rows[pass]) },
        last: { row: rows[5], checkpoint },
      };
    };
    const study = { ...plan(5, [1]), trials: [{ ...plan(5, [1]).trials[0], key }] };
    for (const [name, correct] of [
      ["a", null],
      ["b", 1],
      ["c", 2],
    ] as const) {
      const { update, last } = made(correct ?? 1);
      await shard(name, [update], study);
      if (correct !== null) await withStore(name, (store) => store.addOffSchedule(key, last));
    }
    const merged = await merge("a", "b", "a", "c");
    expect(merged.map(({ added }) => added)).toEqual([1, 1, 0, 0]);
    expect(merged[3].problems).toEqual([expect.stringContaining("differs from pass 5 on")]);
    await withStore("main", async (store) => {
      expect((await store.trials())[0]).toMatchObject({
        passes: 4,
        offSchedule: [5],
        weights: [4, 5],
      });
    });
  });

  test("a divergence goes along, and beats a record that ends before it", async () => {
    const ending = { kind: "diverged", pass: 3, step: 7 } as const;
    const made = chained(2, 1);
    const chain = createHash("sha256")
      .update(Buffer.from(made.fingerprint, "hex"))
      .update(Buffer.from(Uint32Array.of(3, 7).buffer));
    const diverged = { ...made, ending, fingerprint: chain.digest("hex") };
    await shard("a", [made]);
    await shard("b", [diverged]);
    expect((await merge("a", "b", "a")).map(({ added }) => added)).toEqual([1, 1, 0]);
    await withStore("main", async (store) => {
      expect((await store.get(made.key, 9))?.ending).toEqual(ending);
    });
    // Another end of it is a difference.
    await shard("c", [chained(3, 1)]);
    expect((await merge("c"))[0]).toMatchObject({
      added: 0,
      problems: [/ differs from pass 3 on /].map((one) => expect.stringMatching(one) as string),
    });
  });

  test("a plan grows, and a shorter one changes nothing", async () => {
    await shard("a", [], plan(4, [1]));
    const [grown, all] = [plan(4, [1]), plan(4, [1, 2])];
    await shard("b", [], { ...grown, trials: all.trials });
    await merge("b", "a");
    await withStore("main", async (store) => {
      expect((await store.study(grown.id))?.trials).toEqual(all.trials);
    });
    await shard("c", [], { ...grown, trials: plan(4, [2]).trials });
    expect((await merge("c"))[0].problems).toEqual([
      `${pathOf("c")}: its plan of study mine is another one than that of ${pathOf("main")}`,
    ]);
    await withStore("main", async (store) => {
      expect((await store.study(grown.id))?.trials).toEqual(all.trials);
    });
  });

  test("of a shard that somebody still has open, what is committed", async () => {
    await withStore("a", async (store) => {
      await store.plan(plan(4, [1, 2]));
      await store.commit(chained(4, 1));
      expect(await merge("a")).toEqual([{ trials: 1, added: 1, problems: [] }]);
      await store.commit(chained(4, 2));
    });
    expect(await merge("a")).toEqual([{ trials: 2, added: 1, problems: [] }]);
  });

  test("a merge that is interrupted keeps its thousands, and goes on", async () => {
    const seeds = Array.from({ length: 1200 }, (_, seed) => seed);
    await withStore("a", async (store) => {
      await store.plan(plan(0, seeds));
      const whole = seeds.map((seed) => {
        const update = chained(0, seed);
        return { ...update, rows: packRows(update.rows), examples: { train: 250, test: 20 } };
      });
      await store.keepWhole(whole);
    });
    const interruption = new AbortController();
    const { signal } = interruption;
    const merging = new Merging(pathOf("main"), { sha256, onDamage, signal });
    const taking = merging.take(pathOf("a"));
    const looking = setInterval(() => {
      const database = new Database(pathOf("main"), { readonly: true });
      const { n } = database.prepare("SELECT count(*) AS n FROM trials").get([]) as { n: number };
      database.close();
      if (n > 0) interruption.abort(new Error("enough"));
    }, 1);
    await expect(taking).rejects.toThrow("enough");
    clearInterval(looking);
    merging.close();
    await withStore("main", async (store) => {
      expect(await store.totals()).toMatchObject({ trials: 1000 });
    });
    expect(await merge("a")).toEqual([{ trials: 1200, added: 200, problems: [] }]);
  });
});

describe("what is wrong is told by the shard's name, and the rest is taken", () => {
  test("two shards that differ: the first pass, and the store keeps what it had", async () => {
    await shard("a", [chained(4, 1), chained(4, 2)]);
    await shard("b", [differing(4, 1, 3), chained(4, 3)]);
    const [, { added, problems }] = await merge("a", "b");
    expect(added).toBe(1);
    expect(problems).toEqual([
      `${pathOf("b")}: trial ${keyOf(1).slice(0, 12)} differs from pass 3 on from that of ${pathOf("a")}, which stays as it is in ${pathOf("main")}; widthwise verify tells whether it is right`,
    ]);
    await withStore("main", async (store) => {
      expect((await store.get(keyOf(1), 4))?.fingerprint).toBe(chained(4, 1).fingerprint);
      expect(await store.get(keyOf(3), 4)).not.toBeNull();
    });
  });

  test("measurements that differ", async () => {
    const update = chained(4, 1);
    const row = update.rows[4].evaluation;
    for (const [name, value] of [
      ["a", 1],
      ["b", 2],
    ] as const) {
      await shard(name, [update]);
      await withStore(name, (store) =>
        store.addMeasurements(update.key, [
          keptMeasurement("weight norms", row, new Float64Array([value]), sha256),
        ]),
      );
    }
    expect((await merge("a", "b"))[1].problems).toEqual([
      expect.stringContaining(" differs from pass 4 on from that of "),
    ]);
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
    ["a sitting", "DELETE FROM stretches", "the list of its sittings of training is damaged"],
  ])("%s", async (_, sql, what) => {
    await shard("a", [chained(4, 1)]);
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

  test("weights and ends with right seals that are not the chain's", async () => {
    const [one, two, three] = [1, 2, 3].map((seed) => chained(4, seed));
    const parameters = parametersOf(3);
    await shard("a", [
      { ...one, checkpoint: { ...one.checkpoint, parameters } },
      { ...two, fingerprint: "ab".repeat(32) },
      three,
    ]);
    const [{ trials, added, problems }] = await merge("a");
    expect([trials, added]).toEqual([3, 1]);
    expect(problems).toEqual([
      expect.stringContaining("its set of weights after pass 4 is damaged"),
      expect.stringContaining("the end of its chain of fingerprints is damaged"),
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
    const whole = readFileSync(pathOf("cut"));
    writeFileSync(pathOf("cut"), whole.subarray(0, Math.floor(whole.length / 8192) * 4096));
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

  test("any bit of a shard that is flipped is told, or changes nothing", async () => {
    await shard("a", [chained(4, 1), chained(4, 2)], plan(4, [1, 2]));
    const whole = readFileSync(pathOf("a"));
    await merge("a");
    const expected = contentOf("main");
    let told = 0;
    for (let i = 0; i < 60; i++) {
      const flipped = Uint8Array.from(whole);
      const bit =
        createHash("sha256").update(`bit ${i}`).digest().readUInt32LE() % (8 * whole.length);
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
