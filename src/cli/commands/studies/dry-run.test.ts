// What a dry run tells of a study's trials, time and memory, and that it makes nothing.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, stage } from "../../../../test/cli/fakes.ts";
import { temporaryFolder } from "../../../../test/data/tiny.ts";
import { record } from "../../../../test/support/outcomes.ts";
import { MemoryStore } from "../../../records/memory-store.ts";

describe("run --dry-run", () => {
  const line = "run homework --widths 8,512 --passes 2 --workers 1 --dry-run";

  // The fake's data set: 2 training and 2 test images of 4 pixels, of which a tenth is no example at all.
  test("claims no folder and trains nothing", async () => {
    const { code, out, calls } = await cli(line.split(" "));
    expect(code).toBe(0);
    expect(out().split("\n").slice(0, 2)).toEqual([
      "homework: 5 trials to train, 3 for the learning rate and 2 for the sweep",
      expect.stringMatching(/^ {2}time {4}about 1 s on 1 worker: /),
    ]);
    // What cannot be known is not promised.
    expect(out().split("\n").slice(4)).toEqual([
      "  search  counted as if 0.1 diverged, 0.01 converged and 0.02 diverged: it may take more trials, or find no",
      "          rate, and then the sweep is not trained",
      "",
    ]);
    expect(calls).toMatchObject({ outputs: [], studies: [], workers: [], closed: 0 });
  });

  test("measures the study's networks, the search's too, with its workers", async () => {
    const { calls } = await cli(line.split(" "));
    expect(calls.calibrations).toMatchObject([
      { workers: 1, like: { training: { regularization: 0 } }, test: 20 },
    ]);
    expect(calls.calibrations[0].shapes.map(({ hidden }) => hidden)).toEqual([[32], [8], [512]]);
  });

  test("refuses what exceeds the machine, and measures nothing", async () => {
    const file = join(await temporaryFolder(), "deep.yaml");
    await writeFile(
      file,
      `name: deep
question: Is it too much?
dataset: { name: fashion-mnist }
model: { hidden: [65536, 65536], init_std: 0.1 }
training: { learning_rate: 0.1, passes: 1 }
`,
    );
    const { code, out, err, calls } = await cli(["run", file, "--dry-run"]);
    expect(err()).toMatch(/^training this with \d+ workers? takes about \d+(\.\d)? GB of/);
    expect([code, out(), calls.calibrations]).toEqual([2, "", []]);
  });

  test("--json has the same, for programs", async () => {
    const { code, out } = await cli([...line.split(" "), "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out())).toMatchObject({
      study: "homework",
      workers: 1,
      trials: { total: 5, search: 3, sweep: 2, kept: 0, searching: true },
      seconds: { load: expect.any(Number) as number, total: expect.any(Number) as number },
      bytes: { total: expect.any(Number) as number },
    });
  });

  test("says what is kept in the store, and measures nothing where all of it is", async () => {
    const file = join(await temporaryFolder(), "store.db");
    await writeFile(file, "");
    const kept = record(8, [
      [2.3, 0.1, 2.3, 0.1],
      [0.1, 1, 0.5, 0.8],
    ]);
    const on = stage({
      openStore() {
        // The first rate converges, its double does not: that is a search's answer.
        let probes = 0;
        const get = (key: string) => {
          const ending = { kind: "diverged", pass: 1, step: 1 } as const;
          return Promise.resolve(probes++ === 1 ? { ...kept, key, ending } : { ...kept, key });
        };
        return Promise.resolve(Object.assign(new MemoryStore(), { get }));
      },
    });
    const { code, out, calls } = await cli([...line.split(" "), "--store", file], on);
    expect([code, out()]).toEqual([
      0,
      `homework: all 4 trials are kept in ${file}; only the report is to be made\n`,
    ]);
    expect(calls.calibrations).toEqual([]);
  });

  test("says so of a single trial, and nothing of a search that is not asked for", async () => {
    const folder = await temporaryFolder();
    const [file, mine] = [join(folder, "store.db"), join(folder, "mine.yaml")];
    await writeFile(file, "");
    await writeFile(
      mine,
      "{ name: mine, question: A?, dataset: { name: fashion-mnist }, model: { hidden: [8], init_std: 0.1 }, training: { learning_rate: 0.01, passes: 1 } }",
    );
    const kept = record(8, [
      [2.3, 0.1, 2.3, 0.1],
      [0.1, 1, 0.5, 0.8],
    ]);
    const get = (key: string) => Promise.resolve({ ...kept, key });
    const on = stage({
      openStore: () => Promise.resolve(Object.assign(new MemoryStore(), { get })),
    });
    const { out } = await cli(["run", mine, "--dry-run", "--store", file], on);
    expect(out()).toBe(`mine: its one trial is kept in ${file}; only the report is to be made\n`);

    const fresh = await cli(["run", mine, "--dry-run"]);
    expect(fresh.out()).toMatch(/^mine: 1 trial to train, all for the sweep\n/);
    expect(fresh.out()).not.toContain("  search ");
  });

  test("tells of rates that may diverge how much less that may be", async () => {
    const file = join(await temporaryFolder(), "rates.yaml");
    const study = (passes: number, rest: string) =>
      writeFile(
        file,
        `{ name: rates, question: A?, dataset: { name: fashion-mnist }, model: { hidden: [4096], init_std: 0.1 }, training: { passes: ${passes} }, ${rest} }`,
      );
    const told = async () => {
      const { out } = await cli(["run", file, "--dry-run", "--json", "--workers", "1"]);
      const { seconds } = JSON.parse(out()) as {
        seconds: { total: number; least?: number; load: number; report: number };
      };
      const { total, least = NaN, load, report } = seconds;
      return (least - load - report) / (total - load - report);
    };
    await study(9, "sweep: { training.learning_rate: [0.01, 0.1, 1] }");
    // Of 3 · 10 evaluations 10 + 2 + 2 are left; steps are about as dear in this data set of two examples.
    expect(await told()).toBeGreaterThan(11 / 27);
    expect(await told()).toBeLessThan(14 / 30);
    const { out } = await cli(["run", file, "--dry-run", "--workers", "1"]);
    expect(out()).toContain(
      "  rates   that is an upper bound: training ends where it diverges; where every rate but the smallest did so\n          at once, about 1 s\n",
    );
    await study(1, "ask: [{ name: learning-rate, by: not finite }]");
    expect(await told()).toBeCloseTo(1 / 2, 9);
    await study(9, "sweep: { dataset.label_noise: [0, 0.1] }");
    expect(await told()).toBeNaN();
  });

  test("says that rules may stop trials earlier", async () => {
    const file = join(await temporaryFolder(), "stopping.yaml");
    const study = (rest: string) =>
      writeFile(
        file,
        `{ name: stopping, question: A?, dataset: { name: fashion-mnist }, model: { hidden: [width], init_std: 0.1 }, training: { learning_rate: 0.1, passes: 9 }, ${rest} }`,
      );
    const told = async () => (await cli(["run", file, "--dry-run"])).out();
    const words = "  stop    that is an upper bound: it is counted as if no trial stopped before its passes\n"; // prettier-ignore
    await study("sweep: { width: [8] }, stop: { after_interpolation: 5 }");
    expect(await told()).toContain(words);
    await study("sweep: { width: [8] }");
    expect(await told()).not.toContain(words);
    await study("ask: [threshold]");
    expect(await told()).not.toContain(words);
  });

  test("makes no store where there is none", async () => {
    const on = stage({ openStore: () => Promise.reject(new Error("opened")) });
    expect((await cli(line.split(" "), on)).code).toBe(0);
  });
});
