// The homework as a user runs it: `widthwise run homework`. Its fingerprints must be the committed ones
// (test/golden/homework.json; UPDATE_GOLDENS=1 writes them and docs/homework/ anew), on every machine and
// with any number of workers; its answers are told apart from them, so that a changed bit and a wrong
// answer look different. What it trains is the notebook's own, held to the digits that the notebook printed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayNotebook, type Replay } from "../dist/homework/replay.js";
import { sha256, SqliteStore } from "../dist/node.js";
import type { Pool } from "../src/pool/pool.ts";
import { trialKey } from "../src/records/fingerprint.ts";
import type { RecordStore } from "../src/records/store.ts";
import { openPool } from "./support/pool.ts";
import { poolOfRecords } from "./support/pools.ts";
import { MemoryStore } from "../dist/records/memory-store.js";
import { runStudy } from "../dist/study/run.js";
import { parseStudy } from "../dist/study/language/parse.js";
import { CATALOGUE } from "../dist/questions/catalogue.js";

interface Summary {
  eta_star: number;
  learning_rate: number;
  smallest_interpolating_width: number | null;
  passes_to_interpolation: Record<string, number | null>;
  final: Record<string, { train_loss: number; test_accuracy: number }>;
  fingerprints: Record<string, string>;
  fingerprint: string;
}

interface Golden {
  fingerprint: string;
  fingerprints: Record<string, string>;
  /** Each width's fingerprint after 2 passes. */
  after_two_passes: Record<string, string>;
}

interface Scores {
  train_loss: number | null;
  train_accuracy: number;
  test_loss: number | null;
  test_accuracy: number;
}

const notebook = JSON.parse(
  readFileSync(new URL("reference/notebook.json", import.meta.url), "utf8"),
) as {
  learning_rate_search_hidden_32: {
    learning_rate: number;
    before: Scores;
    after?: Scores;
    running_average_loss_every_100_steps?: number[];
    running_average_loss_every_100_steps_first_values?: (number | null)[];
  }[];
  study_initial_accuracies_train_test: Record<string, [number, number]>;
  passes_to_interpolation: Record<string, number | null>;
};

const BIN = fileURLToPath(new URL("../bin/widthwise.js", import.meta.url));
const GOLDEN = fileURLToPath(new URL("golden/homework.json", import.meta.url));
const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as Golden;

const folder = mkdtempSync(join(tmpdir(), "widthwise-homework-"));
const out = join(folder, "run");
const store = join(folder, "store.db");

function run(...options: string[]): Summary {
  const args = [BIN, "run", "homework", "--out", out, "--store", store, "--json", ...options];
  const output = execFileSync("node", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return JSON.parse(output) as Summary;
}

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the whole homework", () => {
  let summary: Summary;

  beforeAll(() => {
    summary = run();
    if (process.env.UPDATE_GOLDENS !== undefined)
      writeFileSync(
        GOLDEN,
        `${JSON.stringify({ ...golden, fingerprint: summary.fingerprint, fingerprints: summary.fingerprints }, null, 2)}\n`,
      );
  }, 600_000);

  test("has the committed fingerprints", () => {
    expect(summary.fingerprints).toEqual(golden.fingerprints);
    expect(summary.fingerprint).toBe(golden.fingerprint);
  });

  test("answers: η* is 0.01, width 32 is the smallest that interpolates", () => {
    expect(summary.eta_star).toBe(0.01);
    expect(summary.learning_rate).toBe(0.005);
    expect(summary.smallest_interpolating_width).toBe(32);
    expect(Object.keys(summary.passes_to_interpolation)).toEqual(["8", "16", "32", "128", "512"]);
  });

  test("leaves the report, the figures and the tables", () => {
    expect(readdirSync(out).sort()).toEqual([
      ".widthwise.sha256",
      "curves.png",
      "curves.svg",
      "interpolation.png",
      "interpolation.svg",
      "learning-rate.png",
      "learning-rate.svg",
      "report.html",
      "report.md",
      "summary.json",
      "trajectories.csv",
    ]);
    const rows = readFileSync(join(out, "trajectories.csv"), "utf8").trim().split(/\r?\n/);
    expect(rows).toHaveLength(1 + 5 * 101);
  });

  test("the README's figures are these", () => {
    for (const name of ["curves.svg", "interpolation.svg", "learning-rate.svg"]) {
      const shown = new URL(`../docs/homework/${name}`, import.meta.url);
      const drawn = readFileSync(join(out, name), "utf8");
      if (process.env.UPDATE_GOLDENS !== undefined) writeFileSync(shown, drawn);
      expect(readFileSync(shown, "utf8") === drawn, `docs/homework/${name} is another`).toBe(true);
    }
  });

  test("the README's fingerprint is this one, and its table too", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    expect(readme).toContain(golden.fingerprint);
    // The last column of a row that begins so.
    const told = (row: string) =>
      new RegExp(`^\\| (passes to interpolation, )?${row} +\\|.*\\| (\\S+) +\\|$`, "m").exec(
        readme,
      )?.[2];
    const passes = Object.entries(summary.passes_to_interpolation);
    expect(passes.map(([width]) => told(`width ${width}`))).toEqual(
      passes.map(([, count]) => String(count ?? "never")),
    );
    expect(told("smallest interpolating width")).toBe(String(summary.smallest_interpolating_width));
  });

  test("run again, trains nothing and leaves the same report", () => {
    const files = () =>
      new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "latin1")]));
    const before = files();
    const again = run();
    expect(again).toEqual(summary);
    expect(files()).toEqual(before);
  });

  test("fewer passes and fewer widths are taken from what is kept", () => {
    const short = run("--passes", "2", "--widths", "512,8");
    expect(short.fingerprints).toEqual({
      "512": golden.after_two_passes["512"],
      "8": golden.after_two_passes["8"],
    });
  });
});

const printed = (value: number | null) => (value === null ? null : Number(value.toFixed(3)));

const deviation = (ours: number | null, theirs: number) => Math.abs((ours ?? NaN) / theirs - 1);

/** Trains the search's rates, which the notebook went on with past NaN, and what is not kept. */
function sparing(pool: Pool, kept: RecordStore): Pool {
  return {
    check: () => undefined,
    async turn(trial, options) {
      const key = trialKey(trial.specification, sha256);
      const record = trial.passes === 1 ? null : await kept.get(key, trial.passes);
      return record === null
        ? pool.turn(trial, options)
        : poolOfRecords(() => record).turn(trial, options);
    },
  };
}

describe("the notebook that it was (test/reference/notebook.json: what it printed), to the digit", () => {
  let replay: Replay;
  const [diverging, converging, doubled] = notebook.learning_rate_search_hidden_32;

  beforeAll(async () => {
    const { dataset, pool } = await openPool();
    const kept = new SqliteStore(store, {
      ...{ sha256, toRead: true, trainer: { machine: "", versions: "" } },
      onDamage: (message) => {
        throw new Error(message);
      },
    });
    try {
      replay = await replayNotebook({ dataset, pool: sparing(pool, kept) });
    } finally {
      await kept.close();
      await pool.close();
    }
  }, 300_000);

  test("its five trainings are the homework's", () => {
    expect(replay.fingerprints).toEqual(golden.fingerprints);
  });

  test("initial scores of the search agree to the printed three digits", () => {
    expect(replay.streams.map(({ learning_rate }) => learning_rate)).toEqual([0.1, 0.01, 0.02]);
    [diverging, converging, doubled].forEach(({ before }, index) => {
      const ours = replay.streams[index].before;
      expect(Object.values(ours).map(printed)).toEqual(Object.values(before));
    });
  });

  test("initial accuracies of the five widths agree to the printed three digits", () => {
    const ours = Object.entries(replay.initial_accuracies).map(([width, pair]) => [
      width,
      pair.map(printed),
    ]);
    expect(Object.fromEntries(ours)).toEqual(notebook.study_initial_accuracies_train_test);
  });

  test("at 0.1 three running averages, then not a number", () => {
    const theirs = diverging.running_average_loss_every_100_steps_first_values ?? [];
    const ours = replay.streams[0].running_averages;
    expect(ours).toHaveLength(60);
    for (const index of [0, 1, 2])
      expect(deviation(ours[index], theirs[index] ?? NaN)).toBeLessThan(1e-4);
    expect(ours.slice(3).every((value) => value === null)).toBe(true);
    expect(Object.values(replay.streams[0].after).map(printed)).toEqual(
      Object.values(diverging.after ?? {}),
    );
  });

  test("at 0.01 at least 40 of 60 running averages within 1e-5", () => {
    const theirs = converging.running_average_loss_every_100_steps ?? [];
    const ours = replay.streams[1].running_averages;
    expect(theirs).toHaveLength(60);
    const close = theirs.filter((value, index) => deviation(ours[index], value) < 1e-5);
    expect(close.length).toBeGreaterThanOrEqual(40);
  });

  test("at 0.02 the loss after a pass is above the loss before it", () => {
    const { before, after } = replay.streams[2];
    expect(after.train_loss).toBeGreaterThan(before.train_loss ?? NaN);
  });

  test("8 and 16 do not interpolate; 128 and 512 do, within 6 passes of the notebook's", () => {
    const ours = replay.passes_to_interpolation;
    expect([ours["8"], ours["16"]]).toEqual([null, null]);
    for (const width of ["128", "512"]) {
      const theirs = notebook.passes_to_interpolation[width] ?? NaN;
      expect(Math.abs((ours[width] ?? NaN) - theirs)).toBeLessThanOrEqual(6);
    }
  });
});

describe.each([1, 2, 3, 4])("with %i workers", (workers) => {
  test("two passes have the committed bits", async () => {
    const { dataset, pool } = await openPool(workers);
    const text = readFileSync(new URL("../studies/homework.yaml", import.meta.url), "utf8");
    const study = parseStudy(text.replace("passes: 100", "passes: 2"), "homework.yaml", CATALOGUE);
    const result = await runStudy(study, {
      ...{ catalogue: CATALOGUE, dataset, pool, sha256 },
      store: new MemoryStore(),
    });
    await pool.close();
    const found = Object.fromEntries(
      result.outcomes.map(({ point, record }) => [String(point.values.width), record.fingerprint]),
    );
    if (process.env.UPDATE_GOLDENS !== undefined)
      writeFileSync(
        GOLDEN,
        `${JSON.stringify({ ...(JSON.parse(readFileSync(GOLDEN, "utf8")) as Golden), after_two_passes: found }, null, 2)}\n`,
      );
    expect(found).toEqual(golden.after_two_passes);
  });
});
