// Kept trials that are trained again: which, and what is told where they differ.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, stage } from "../../../../test/cli/fakes.ts";
import { temporaryFolder } from "../../../../test/data/tiny.ts";
import { chained, keyOf, plan } from "../../../../test/support/updates.ts";
import { MemoryStore } from "../../../records/memory-store.ts";

describe("verify", () => {
  /** A stage whose store has made-up trials, which its pool makes again, `changed` passes otherwise. */
  async function verifyStage(changed: readonly number[] = []) {
    const file = join(await temporaryFolder(), "store.db");
    await writeFile(file, "");
    const store = new MemoryStore();
    await store.plan(plan(8, [1, 2]));
    for (const seed of [1, 2, 3]) await store.commit(chained(8, seed));
    const inner = stage();
    const on = stage({
      openStore: () => Promise.resolve(store),
      async loadDataset(named, options) {
        const found = await inner.context.effects.loadDataset(named, options);
        return { ...found, dataset: { ...found.dataset, digest: "ab".repeat(32) } };
      },
      createPool: () =>
        Promise.resolve({
          check: () => undefined,
          turn({ specification: { streams }, passes }) {
            const seed = streams.kind === "named" ? streams.seed : 0;
            const { key, rows, ending, fingerprint, checkpoint } = chained(passes, seed);
            async function* train() {
              for (const { evaluation, averages } of rows) {
                const isChanged = seed === 2 && changed.includes(evaluation.pass);
                const other = { ...evaluation, fingerprint: "00".repeat(32) };
                const row = { evaluation: isChanged ? other : evaluation, averages };
                yield await Promise.resolve({ row, checkpoint, seconds: 1 });
              }
              return { ending, fingerprint };
            }
            const measure = () => Promise.resolve([]);
            return Promise.resolve({ key, train, measure, end: () => undefined });
          },
          close: () => Promise.resolve(),
        }),
    });
    return { on, store, file };
  }

  test("trains trials again: all, a study's, a sample", async () => {
    const { on, file } = await verifyStage();
    const said = async (...args: string[]) => {
      const one = { ...on, ...stage(on.context.effects) };
      const { code, out } = await cli(["verify", "--store", file, ...args], one);
      return [code, out()];
    };
    expect(await said()).toEqual([0, "3 of 3 trials match to the bit\n"]);
    expect(await said("mine", "--all")).toEqual([0, "2 of 2 trials match to the bit\n"]);
    expect(await said("--sample", "2")).toEqual([
      0,
      "2 of 2 trials of a sample (of 3) match to the bit\n",
    ]);
  });

  test("names the trial, and the first pass that differs", async () => {
    const { on, file } = await verifyStage([5, 7]);
    const { code, out, err } = await cli(["verify", "--all", "--json", "--store", file], on);
    const problem = `trial ${keyOf(2).slice(0, 12)} (width 2, rate 0.005, seed 2): it differs from pass 5 on`;
    expect(code).toBe(1);
    expect(err().split("\n").at(-2)).toBe(problem);
    expect(JSON.parse(out())).toEqual({
      ...{ trials: 3, recomputed: 3, matching: 2 },
      problems: [{ key: keyOf(2), problem }],
    });
  });

  test("finds weights that are not the trial's", async () => {
    const { on, store, file } = await verifyStage();
    const { rows, ...rest } = chained(9, 3);
    const { parameters } = chained(2, 1).checkpoint;
    await store.commit({
      ...rest,
      rows: rows.slice(-1),
      checkpoint: { ...rest.checkpoint, parameters },
    });
    const { code, err } = await cli(["verify", "--all", "--store", file], on);
    expect(code).toBe(1);
    expect(err()).toContain("the weights kept for pass 9 are not its own\n");
  });

  test("makes no store where there is none, and knows no study that is not kept", async () => {
    const none = await cli(["verify", "--store", "/nowhere/store.db"]);
    expect([none.code, none.err()]).toEqual([
      2,
      "store /nowhere/store.db: there is none yet; widthwise run makes it, or name another one with --store\n",
    ]);
    const { on, file } = await verifyStage();
    expect((await cli(["verify", "yours", "--store", file], on)).code).toBe(2);
    expect(on.err()).toBe(
      "\"yours\" is no study's name or id and no trial's key in this store; widthwise list has the studies, and show STUDY their trials\n",
    );
    const key = keyOf(2).slice(0, 12);
    expect((await cli(["verify", key, "--store", file], on)).code).toBe(2);
    expect(on.err()).toContain(`"${key}" is a trial's key; a study's name`);
  });
});
