import { readdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stage } from "../../test/cli/fakes.ts";
import type { Stage } from "../../test/cli/fakes.ts";
import { temporaryFolder } from "../../test/data/tiny.ts";
import { chained, update, keyOf, plan } from "../../test/support/updates.ts";
import { record } from "../../test/support/outcomes.ts";
import { study } from "../../test/support/studies.ts";
import { InputError, WidthwiseError } from "../base/errors.ts";
import { MemoryStore } from "../records/memory-store.ts";
import type { TrajectoryRow } from "../records/record.ts";
import type { Provenance } from "../report/provenance.ts";
import type { FinishedCall } from "../pool/node/node-pool.ts";
import type { Effects } from "./effects.ts";
import { nodeAdvice } from "./machine.ts";
import { main } from "./main.ts";
import type { Trace } from "./output/timeline.ts";

async function cli(
  args: readonly string[],
  on: Stage = stage(),
): Promise<Stage & { code: number }> {
  const code = await main(args, on.context);
  return { ...on, code };
}

describe("run", () => {
  test("prints the answers, with what stands behind them", async () => {
    const { code, out, calls } = await cli(["run", "homework"]);
    expect(code).toBe(0);
    expect(out()).toBe(
      [
        "learning rate 0.005",
        "",
        "   width  passes to interpolation",
        "       8  never in 100",
        "      16  never in 100",
        "      32  1",
        "     128  1",
        "     512  1",
        "",
        "smallest interpolating width: 32 (by one seed and one rounding; the report says more)",
        `fingerprint: ${"f".repeat(64)}`,
        "report: runs/homework/report.html",
        "",
      ].join("\n"),
    );
    expect(calls.outputs).toEqual(["runs/homework"]);
    expect(calls.replaced).toEqual([["summary.json"]]);
    expect(calls.closed).toBe(1);
  });

  test("hands its options on", async () => {
    const args =
      "run homework --widths 8,64 --passes 7 --seeds 0..2 --workers 3 --out there --data here";
    const { code, out, calls } = await cli(args.split(" "));
    expect(code).toBe(0);
    expect(calls.outputs).toEqual(["there"]);
    expect(calls.data).toEqual(["here"]);
    expect(calls.workers).toEqual([3]);
    expect(calls.studies[0]).toMatchObject({
      name: "homework",
      training: { passes: 7, learning_rate: "eta_star / 2" },
      sweep: { width: [8, 64] },
      streams: { kind: "named", study_seed: 0, seeds: [0, 1, 2] },
    });
    expect(out()).toContain("64  1 in 3 of 3 seeds");
    expect(out()).toContain("smallest interpolating width: 64 (in most of 3 seeds)");
  });

  test("draws for a page, or for a talk where that is asked for", async () => {
    expect((await cli(["run", "homework"])).calls.sizes).toEqual(["paper"]);
    const slides = await cli(["run", "homework", "--size", "slide"]);
    expect(slides.calls.sizes).toEqual(["slide"]);
  });

  test("--json prints summary.json and nothing else", async () => {
    const { code, out } = await cli(["run", "homework", "--json"]);
    expect(code).toBe(0);
    expect(out()).toBe('{ "eta_star": 0.01 }\n');
  });

  test("the reproducing command has what decides bits, and no other option", async () => {
    const commands: string[] = [];
    const on = stage({
      renderReport(_, { command }) {
        commands.push(command);
        return Promise.resolve(new Map());
      },
    });
    const line = "run homework --workers 2 --seeds 0..2 --passes 3 --out x --size slide --json";
    await cli(line.split(" "), on);
    expect(commands).toEqual(["widthwise run homework --passes 3 --seeds 0,1,2"]);
  });

  test("puts values in the place of the study's, and says so in the reproducing command", async () => {
    const commands: string[] = [];
    const on = stage({
      renderReport(_, { command }) {
        commands.push(command);
        return Promise.resolve(new Map());
      },
    });
    const sets = ["dataset.fraction=0.2", "model.hidden=[width, 8]", "model.hidden[1]=4"];
    const line = ["run", "homework", "--learning-rate", "eta_star / 2"];
    const { code, calls } = await cli([...line, ...sets.flatMap((one) => ["--set", one])], on);
    expect(code).toBe(0);
    expect(calls.studies[0]).toMatchObject({
      dataset: { fraction: 0.2 },
      model: { hidden: ["width", 4] },
      training: { learning_rate: "eta_star / 2" },
    });
    expect(commands).toEqual([
      "widthwise run homework --learning-rate 'eta_star / 2' --set dataset.fraction=0.2 " +
        `--set 'model.hidden=["width",8]' --set 'model.hidden[1]=4'`,
    ]);
    const seeded = await cli(["run", "homework", "--seeds", "1", "--set", "streams.study_seed=7"]);
    expect(seeded.calls.studies[0].streams).toEqual({ kind: "named", study_seed: 7, seeds: [1] });
  });

  test("looks at the folder and opens the store before it loads data, and closes it whatever happens", async () => {
    let closed = 0;
    const close = () => {
      closed++;
      return Promise.resolve();
    };
    const on = stage({
      openStore: () => Promise.resolve(Object.assign(new MemoryStore(), { close })),
      loadDataset: () => Promise.reject(new WidthwiseError("no data anywhere")),
    });
    const { code, err, calls } = await cli(["run", "homework"], on);
    expect([code, err()]).toEqual([1, "no data anywhere\n"]);
    expect([calls.outputs.length, closed]).toEqual([1, 1]);

    const refusing = stage({ openStore: () => Promise.reject(new InputError("store x: no")) });
    expect((await cli(["run", "homework"], refusing)).code).toBe(2);
    expect(refusing.calls.data).toEqual([]);
  });

  test("takes the store that is named: by the option, else by the environment", async () => {
    const opened: string[] = [];
    const openStore = (path: string) => {
      opened.push(path);
      return Promise.resolve(new MemoryStore());
    };
    await cli(["run", "homework"], stage({ openStore }));
    await cli(["run", "homework", "--store", "mine.db"], stage({ openStore }));
    expect(opened).toEqual(["the/store.db", "mine.db"]);
  });

  test("an interruption says what is kept", async () => {
    const on = stage({
      runStudy: () => {
        on.interruption.abort();
        return Promise.reject(new Error("aborted"));
      },
    });
    const { code, out, err, calls } = await cli(["run", "homework"], on);
    expect(code).toBe(130);
    expect(out()).toBe("");
    expect(err()).toBe(
      "interrupted; what was trained is kept in the/store.db, and the same command goes on from there\n",
    );
    expect(calls.replaced).toEqual([]);
    expect(calls.closed).toBe(1);
  });
});

describe("run --fresh", () => {
  /** A stage whose study trains one made-up trial, and whose store has one that differs from pass `pass` on. */
  async function freshStage(pass: number | null) {
    const store = new MemoryStore();
    const { rows, ...rest } = update(0, 8);
    const other = (row: TrajectoryRow) => ({
      ...row,
      evaluation: { ...row.evaluation, fingerprint: "00".repeat(32) },
    });
    await store.commit({
      ...rest,
      rows: rows.map((row, index) => (index === pass ? other(row) : row)),
    });
    const inner = stage();
    return stage({
      openStore: () => Promise.resolve(store),
      async runStudy(study, context) {
        const { id } = plan(8);
        await context.store.plan(plan(8));
        expect(await context.store.get(keyOf(), 8)).toBeNull();
        await context.store.commit(update(0, 8));
        return { ...(await inner.context.effects.runStudy(study, context)), id };
      },
    });
  }

  test("says that all is the same", async () => {
    const { code, err } = await cli(["run", "homework", "--fresh"], await freshStage(null));
    expect([code, err()]).toEqual([0, "1 of 1 kept trials match to the bit\n"]);
  });

  test("or from where on it is not, and leaves the report as it was", async () => {
    const { code, out, err, calls } = await cli(
      ["run", "homework", "--fresh"],
      await freshStage(3),
    );
    expect([code, out()]).toEqual([1, ""]);
    expect(err()).toBe(
      `1 of 1 kept trials differ from what was trained anew: width 2 seed 3 (${keyOf().slice(0, 12)}) from pass 3 on; store and report are left as they were\n`,
    );
    expect(calls.replaced).toEqual([]);
  });
});

describe("run --timeline", () => {
  const call = { name: "train", worker: 3, start: 10, end: 20 } as const;
  const specification = {
    model: { hidden: [8] },
    training: { learning_rate: 0.005 },
    streams: { kind: "named", study_seed: 0, seed: 0 },
  };
  const trial = { specification, passes: 1 } as unknown as FinishedCall["trial"];

  /** A stage whose pool makes one call as the study begins. */
  function callingStage(changes: Partial<Effects> = {}): Stage {
    let tell: ((call: FinishedCall) => void) | undefined;
    const inner = stage();
    const on = stage({
      createPool(dataset, workers, onCall) {
        tell = onCall;
        return inner.context.effects.createPool(dataset, workers);
      },
      runStudy(study, context) {
        tell?.({ ...call, trial });
        return inner.context.effects.runStudy(study, context);
      },
      ...changes,
    });
    return on;
  }

  test("writes a trace of every call, and tells how busy the workers were", async () => {
    const file = join(await temporaryFolder(), "trace.json");
    const { code, err } = await cli(
      ["run", "homework", "--workers", "2", "--timeline", file],
      callingStage(),
    );
    expect(code).toBe(0);
    expect(err()).toContain(
      `time line: ${file}\nworker 1: busy 100.0 % of 0.0 s\nworker 2: busy 0.0 % of 0.0 s\n`,
    );
    const { traceEvents } = JSON.parse(await readFile(file, "utf8")) as Trace;
    expect(traceEvents.filter(({ ph }) => ph === "X")).toMatchObject([
      { name: "train width 8", ts: 0, dur: 10_000 },
    ]);
    expect(traceEvents[0]).toMatchObject({ args: { name: "widthwise run homework" } });
  });

  test("refuses a path that cannot be written before it loads data", async () => {
    const { code, err, calls } = await cli(["run", "homework", "--timeline", "/dev/null"]);
    expect([code, err()]).toEqual([
      2,
      "--timeline /dev/null: expected a file, got a device; name another file\n",
    ]);
    expect(calls.data).toEqual([]);
  });

  test("leaves no file where the run fails", async () => {
    const folder = await temporaryFolder();
    const on = callingStage({ runStudy: () => Promise.reject(new WidthwiseError("no luck")) });
    const { code } = await cli(["run", "homework", "--timeline", join(folder, "trace.json")], on);
    expect([code, await readdir(folder)]).toEqual([1, []]);
  });
});

test("starts no more than eight workers for each processor", async () => {
  const { calls, err } = await cli("run homework --workers 1024".split(" "));
  if (availableParallelism() < 128)
    expect(err()).toContain(`--workers 1024: ${8 * availableParallelism()} are started`);
  expect(calls.workers).toEqual([Math.min(1024, 8 * availableParallelism())]);
});

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
    expect(calls.calibrations).toMatchObject([{ workers: 1, regularization: 0, test: 20 }]);
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

  test("makes no store where there is none", async () => {
    const on = stage({ openStore: () => Promise.reject(new Error("opened")) });
    expect((await cli(line.split(" "), on)).code).toBe(0);
  });
});

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

describe("report", () => {
  const asked = { ...study({ widths: [2], seeds: [3], passes: 8 }), name: "mine" };

  async function reportStage(passes: number) {
    const file = join(await temporaryFolder(), "store.db");
    await writeFile(file, "");
    const store = new MemoryStore();
    const dataset = { name: "noise", digest: "ab".repeat(32), train_examples: 2500 };
    const [planned] = plan(8).trials;
    const specification = JSON.stringify(asked);
    await store.plan({
      id: "1d".repeat(32),
      name: "mine",
      specification,
      dataset,
      trials: [planned],
    });
    await store.commit(update(0, passes));
    return { on: stage({ openStore: () => Promise.resolve(store) }), store, file };
  }

  test("draws what is kept, with where it came from, and trains nothing", async () => {
    const { on, store, file } = await reportStage(8);
    const kept = { versions: {}, seconds: {}, command: "widthwise run x", dataset: {} };
    await store.describe("1d".repeat(32), JSON.stringify(kept));
    const { code, out, calls } = await cli(["report", "mine", "--store", file], on);
    expect(code).toBe(0);
    expect(out()).toContain("report: runs/mine/report.html");
    expect([calls.replaced, calls.data, calls.workers]).toEqual([[["summary.json"]], [], []]);
    await cli(["report", "mine", "--size", "slide", "--store", file], on);
    expect(calls.sizes).toEqual(["paper", "slide"]);
  });

  test("says what is missing", async () => {
    const { on, file } = await reportStage(7);
    const { code, err } = await cli(["report", "1d1d", "--store", file], on);
    expect([code, err()]).toEqual([
      1,
      "study mine: its answer needs trials that are not kept as far as it asks (width 2 seed 3); run it to have them trained\n",
    ]);
  });

  test("of what the library has run says that its origin is not known", async () => {
    const { on, store, file } = await reportStage(8);
    await store.finish("1d".repeat(32), "ab".repeat(32));
    const said: Provenance[] = [];
    const renderReport: Effects["renderReport"] = (_, provenance) => {
      said.push(provenance);
      return Promise.resolve(new Map([["report.md", ""]]));
    };
    const one = { ...on, ...stage({ ...on.context.effects, renderReport }) };
    expect((await cli(["report", "mine", "--store", file], one)).code).toBe(0);
    expect(said).toMatchObject([
      {
        versions: { widthwise: "not known: another program ran it with the library" },
        seconds: {},
        dataset: { name: "noise", origin: "a place that is not known" },
      },
    ]);
  });

  test("of several studies of a name takes one with an answer, and says which", async () => {
    const { on, store, file } = await reportStage(8);
    await store.finish("1d".repeat(32), "ab".repeat(32));
    const kept = await store.study("1d".repeat(32));
    if (kept !== null) await store.plan({ ...kept, id: "2e".repeat(32), trials: plan(99).trials });
    const { code, err } = await cli(["report", "mine", "--store", file], on);
    expect(code).toBe(0);
    expect(err()).toMatch(
      /^study mine 1d1d1d1d1d1d, planned .* UTC, of 2 of that name; name another one by its id \(wi/,
    );
  });

  test("of a study that was trained and not answered sends to run", async () => {
    const { on, file } = await reportStage(8);
    const { code, err } = await cli(["report", "mine", "--store", file], on);
    expect(code).toBe(1);
    expect(err()).toMatch(/^study mine: it has not been answered yet; run it/);
  });
});

describe("doctor", () => {
  test("tells what there is, aligned, and that all is well", async () => {
    const { code, out, err, calls } = await cli(["doctor"]);
    expect([code, err()]).toEqual([0, ""]);
    const rows = out().split("\n");
    expect(rows).toContain(
      `Node        ${process.versions.node} on ${process.platform} ${process.arch}`,
    );
    expect(rows).toContain("SIMD        256-bit (revectorized): self-test passed");
    expect(rows).toContain("kernel      built, and runs");
    expect(rows).toContain(
      "speed       10.0 GMAC/s training, 20.0 GMAC/s evaluation (width 512, one core)",
    );
    expect(rows).toContain("data set    a made-up place");
    expect(rows).toContain("cache       /a/cache (can be written)");
    expect(rows).toContain("all is well");
    expect(calls.calibrations).toMatchObject([{ workers: 1, shapes: [{ hidden: [512] }] }]);
  });

  test("says what a newer Node would gain, and so does a run", async () => {
    const advice = "Node 24 is faster";
    const on = stage({ nodeAdvice: () => advice });
    expect((await cli(["doctor"], on)).out()).toContain(`\n            ${advice}\n`);
    expect((await cli(["run", "homework"], stage({ nodeAdvice: () => advice }))).err()).toContain(
      `${advice}\n`,
    );
    expect(nodeAdvice("20.20.2", "x64")).toMatch(/^Node 24, .* as Node 20, with the same bits$/);
    expect([nodeAdvice("24.0.0", "x64"), nodeAdvice("20.20.2", "arm64")]).toEqual([null, null]);
  });

  test("--json has the same, for programs", async () => {
    const { out } = await cli(["doctor", "--json"]);
    expect(JSON.parse(out())).toMatchObject({
      simd: true,
      revectorized: true,
      revectorized_because: "self-test passed",
      kernel: true,
      dataset: { found: true, where: "a made-up place" },
      cache: { directory: "/a/cache", writable: true },
      problems: [],
    });
  });

  test("a data set that is not here yet is looked for without fetching, and no fault", async () => {
    const asked: (boolean | undefined)[] = [];
    const on = stage({
      loadDataset(_, { fetchMissing }) {
        asked.push(fetchMissing);
        return Promise.reject(new WidthwiseError("found nowhere"));
      },
    });
    expect((await cli(["doctor"], on)).code).toBe(0);
    expect(on.out()).toContain("data set    not here yet; run widthwise data\n");
    expect(asked).toEqual([false]);
  });

  const broken: [string, Partial<Effects>, string, string][] = [
    [
      "no kernel",
      {
        calibrate: () =>
          Promise.reject(new WidthwiseError("the kernel is missing: run `npm run build`")),
      },
      "the kernel is missing: run `npm run build`\n",
      "kernel      does not run\n",
    ],
    [
      "no SIMD",
      { hasSimd: () => false },
      "WebAssembly has no SIMD here, and the kernel needs it: use a Node of version 20.19 or later on x86-64 or arm64\n",
      "SIMD        none\n",
    ],
    [
      "bad files where the user said",
      { loadDataset: () => Promise.reject(new InputError("--data here: bad")) },
      "--data here: bad\n",
      "data set    not usable\n",
    ],
  ];
  test.each(broken)("%s is told, with what to do", async (_, changes, sentence, row) => {
    const { code, out, err } = await cli(["doctor"], stage(changes));
    expect([code, err()]).toEqual([1, sentence]);
    expect(out()).toContain(row);
    expect(out()).toContain("something is broken:");
  });
});

test("data tells its origin, as text and as JSON", async () => {
  const text = await cli(["data"]);
  expect(text.code).toBe(0);
  expect(text.out()).toContain("from      a made-up place\n");
  const json = await cli(["data", "--json", "--data", "here"]);
  expect(JSON.parse(json.out())).toMatchObject({
    origin: "a made-up place",
    digest: "0".repeat(64),
    train: { examples: 20, size: 4 },
  });
  expect(json.calls.data).toEqual(["here"]);
});

describe("errors", () => {
  test.each<[Error, number, string]>([
    [new InputError("bad file"), 2, "bad file\n"],
    [new WidthwiseError("no luck"), 1, "no luck\n"],
    [
      new TypeError("x is undefined"),
      1,
      "widthwise met a bug: x is undefined (run with --debug for the stack)\n",
    ],
  ])("%s", async (error, code, told) => {
    const on = stage({ loadDataset: () => Promise.reject(error) });
    expect((await cli(["data"], on)).code).toBe(code);
    expect(on.err()).toBe(told);
  });

  test("--debug adds the stack", async () => {
    const on = stage({ loadDataset: () => Promise.reject(new InputError("bad file")) });
    expect((await cli(["data", "--debug"], on)).code).toBe(2);
    expect(on.err()).toMatch(/^bad file\nInputError: bad file\n {4}at /);
  });

  test.each([
    [
      "run homewrok",
      'unknown study "homewrok": did you mean homework? (a study of your own is named by its path, such as ./mine.yaml)',
    ],
    [
      "run other",
      'unknown study "other": shipped with widthwise: homework, label-noise, stable-rates (a study of your own is named by its path, such as ./mine.yaml)',
    ],
    ["run ./none.yaml", 'study "./none.yaml": no such file'],
    ["run studies/", 'study "studies/": expected a file'],
    ["run package.json/x", 'study "package.json/x": no such file'],
    ["run", "missing required argument 'study' (see widthwise --help)"],
    [
      "run a b",
      "too many arguments for 'run'; expected 1 argument but got 2 (see widthwise --help)",
    ],
    ["rnu", "unknown command 'rnu'; did you mean run? (see widthwise --help)"],
    [
      "run homework --widht 8",
      "unknown option '--widht'; did you mean --widths? (see widthwise --help)",
    ],
    ["run homework --widths", "option '--widths <list>' argument missing (see widthwise --help)"],
    ["run homework --widths 0", "--widths: expected a positive integer up to 65536, got 0"],
    ["run homework --widths -3", "--widths: expected a positive integer up to 65536, got -3"],
    ["run homework --widths 8,1.5", "--widths: expected a positive integer up to 65536, got 1.5"],
    [
      "run homework --widths 1e9",
      "--widths: expected a positive integer up to 65536, got 1000000000",
    ],
    ["run homework --widths abc", '--widths: expected a positive integer up to 65536, got "abc"'],
    ["run homework --widths 8,,16", '--widths: expected a positive integer up to 65536, got ""'],
    ["run homework --widths 8,8", "--widths: expected distinct widths, got 8 twice"],
    ["run homework --passes 1.5", "--passes: expected an integer from 0 to 100000, got 1.5"],
    ["run homework --passes -1", "--passes: expected an integer from 0 to 100000, got -1"],
    [
      "run homework --seeds 5..2",
      '--seeds: expected a list of seeds or a range such as 0..9, of at most 10000 seeds up to 4294967295, got "5..2"',
    ],
    ["run homework --seeds 1,-2", "--seeds: expected an integer from 0 to 4294967295, got -2"],
    [
      "run homework --passes 1,5",
      '--passes: expected an integer from 0 to 100000, got "1,5"; write numbers with a decimal point and without commas',
    ],
    [
      "run homework --workers 1,5",
      '--workers: expected an integer from 1 to 1024, got "1,5"; write numbers with a decimal point and without commas',
    ],
    ["run homework --workers 0", '--workers: expected an integer from 1 to 1024, got "0"'],
    [
      "run homework --size A4",
      "option '--size <size>' argument 'A4' is invalid. Allowed choices are paper, slide. (see widthwise --help)",
    ],
    ["run homework --learning-rate 0", "--learning-rate: expected a positive number, got 0"],
    [
      "run homework --set dataset.fraction",
      '--set: expected a path and its value, such as dataset.fraction=0.2, got "dataset.fraction"',
    ],
    [
      "run homework --set dataset.fraction=2",
      "--set dataset.fraction: expected a number from 0.0001 to 1, got 2",
    ],
    [
      "run homework --set dataset.fractoin=1",
      "--set dataset.fractoin: unknown key; did you mean fraction?",
    ],
    ["run homework --set name.x=1", "--set name.x: a study has nothing of this name"],
    ["run homework --set name=[", '--set name: expected a value in YAML, got "["'],
    [
      'run homework --set search={"factor":2}',
      "--set search: factor: expected a number above 0 and below 1, got 2",
    ],
    ["run homework --workers many", '--workers: expected an integer from 1 to 1024, got "many"'],
  ])("widthwise %s", async (line, sentence) => {
    const { code, out, err } = await cli(line.split(" "));
    expect({ code, out: out(), err: err() }).toEqual({ code: 2, out: "", err: `${sentence}\n` });
  });
});

test.each([
  [],
  ["--help"],
  ["run", "--help"],
  ["data", "--help"],
  ["doctor", "--help"],
  ["verify", "--help"],
  ["report", "--help"],
  ["--version"],
  ["help", "run"],
])("help and version go to stdout (%#)", async (...args) => {
  const { code, out, err } = await cli(args);
  expect([code, err()]).toEqual([0, ""]);
  for (const line of out().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

describe("whatever the arguments: done, or exit code 2 and one sentence", () => {
  const valid =
    "run homework --widths 8,16 --passes 3 --seeds 0..2 --workers 2 --out x --data y --json".split(
      " ",
    );

  async function check(args: readonly string[]): Promise<void> {
    const { code, err } = await cli(args);
    expect([0, 2]).toContain(code);
    if (code === 0 || err().startsWith("Usage:")) return;
    expect(err()).toMatch(/^\P{Cc}+\n$/u);
    expect(err()).not.toMatch(/\bat .*:\d+:\d+|undefined|\[object/);
  }

  test("mutated", async () => {
    const mutation = fc.record({
      at: fc.nat(valid.length - 1),
      kind: fc.constantFrom("drop", "repeat", "replace", "cut", "insert"),
      word: fc.oneof(
        fc.constantFrom(...valid, "-", "--", "-1", "0", "", "~", "help", "--help", "--debug"),
        fc.string({ unit: "binary", maxLength: 8 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const args = [...valid];
        for (const { at, kind, word } of mutations) {
          if (kind === "drop") args.splice(at, 1);
          if (kind === "repeat") args.splice(at, 0, args[at] ?? "");
          if (kind === "replace") args.splice(at, 1, word);
          if (kind === "insert") args.splice(at, 0, word);
          if (kind === "cut") args.splice(at, 1, (args[at] ?? "").slice(0, -1));
        }
        await check(args.filter((arg) => arg !== "--debug"));
      }),
      { numRuns: 400 },
    );
  });

  test("garbage", async () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("run", "data", "homework"),
    );
    await fc.assert(fc.asyncProperty(fc.array(word, { maxLength: 6 }), check), { numRuns: 400 });
  });
});

test("no line of any help is longer than a terminal", async () => {
  const { out } = await cli(["--help"]);
  const named = out().matchAll(/^ {2}([a-z]+) \[options\]/gm);
  const commands = [...named].map(([, command]) => command);
  expect(commands.length).toBeGreaterThan(9);
  for (const command of commands)
    for (const line of (await cli([command, "--help"])).out().split("\n"))
      expect(line.length, line).toBeLessThanOrEqual(80);
});
