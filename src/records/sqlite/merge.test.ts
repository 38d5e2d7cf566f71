// Stores that are merged: what each has is there afterwards, once.

import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, test, vi } from "vitest";
import { chained, keyOf, parametersOf, plan, whole } from "../../../test/support/updates.ts";
import {
  folder,
  pathOf,
  onDamage,
  withStore,
  shard,
  merge,
  contentOf,
} from "../../../test/support/merging.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { FingerprintChain, trialKey } from "../fingerprint.ts";
import { packParameters, parametersDigest } from "../given-parameters.ts";
import { keptMeasurement } from "../measured.ts";
import { Merging } from "./merge.node.ts";
import { StoreFile } from "./store-file.node.ts";
import { TrialTable } from "./trial-table.node.ts";

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
      await store.keepWhole([whole(update)]);
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
    expect((await merge("b", "a")).map(({ problems }) => problems)).toEqual([[], []]);
    await withStore("main", async (store) => {
      expect((await store.study(grown.id))?.trials).toEqual(all.trials);
    });
    await shard("c", [], { ...grown, trials: plan(4, [2]).trials });
    const another = `${pathOf("c")}: its plan of study mine is another one than that of ${pathOf("main")}`;
    expect((await merge("c", "b", "a")).map(({ problems }) => problems)).toEqual([
      [another],
      [],
      [],
    ]);
    await withStore("main", async (store) => {
      expect((await store.study(grown.id))?.trials).toEqual(all.trials);
    });
  });

  test("a study that has asked for no trials yet", async () => {
    const study = plan(4, []);
    await shard("a", [], study);
    expect((await merge("a", "a")).map(({ problems }) => problems)).toEqual([[], []]);
    await withStore("main", async (store) => {
      expect((await store.study(study.id))?.trials).toEqual([]);
    });
  });

  test("studies in the order in which they were planned", async () => {
    const ids = ["first", "second", "third"];
    await withStore("a", async (store) => {
      for (const id of ids) await store.plan({ ...plan(4, [1]), id });
    });
    await merge("a");
    await withStore("main", async (store) => {
      expect((await store.studies()).map(({ id }) => id)).toEqual(ids.toReversed());
    });
  });

  test("trials that are large are read one by one", async () => {
    await shard("a", [chained(4, 1), chained(4, 2), chained(4, 3)]);
    const bytes = vi.spyOn(StoreFile.prototype, "bytes", "get").mockReturnValue(3 * 40e6);
    const copies = vi.spyOn(TrialTable.prototype, "copies");
    expect(await merge("a")).toEqual([{ trials: 3, added: 3, problems: [] }]);
    for (const [keys] of copies.mock.calls) expect(keys).toHaveLength(1);
    for (const spy of [bytes, copies]) spy.mockRestore();
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
      await store.keepWhole(seeds.map((seed) => whole(chained(0, seed))));
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
    const commits = vi.spyOn(StoreFile.prototype, "transaction");
    expect(await merge("a")).toEqual([{ trials: 1200, added: 200, problems: [] }]);
    expect(commits, "to open it, for plans, and for each thousand").toHaveBeenCalledTimes(4);
    commits.mockRestore();
  });
});
