// What a run does with its options, its store, its folder and its workers, on effects that train nothing.

import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, stage } from "../../../../test/cli/fakes.ts";
import type { Stage } from "../../../../test/cli/fakes.ts";
import { temporaryFolder } from "../../../../test/data/tiny.ts";
import { update, keyOf, plan } from "../../../../test/support/updates.ts";
import { InputError, WidthwiseError } from "../../../base/errors.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import type { TrajectoryRow } from "../../../records/record.ts";
import type { FinishedCall } from "../../../pool/node/node-pool.ts";
import type { Effects } from "../../effects.ts";
import type { Trace } from "../../output/timeline.ts";

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
    expect(calls.steps).toEqual(["mortal", "rendered", "listening", "replaced"]);
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
