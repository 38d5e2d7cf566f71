import { describe, expect, test } from "vitest";
import { DATASET_SIZES as dataset } from "../../../test/support/studies.ts";
import type { Evaluation, TrialRecord } from "../../records/record.ts";
import type { StopRules } from "../../model/trial.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import type { StudyEvent } from "../../study/run.ts";
import type { Study } from "../../study/spec.ts";
import { Progress } from "./progress.ts";

const WIDE = { columns: 100, rows: 40 };

function study(widths: readonly number[], seeds: readonly number[] = [0], passes = 100): Study {
  return {
    name: "mine",
    question: "?",
    dataset: { name: "fashion-mnist", fraction: 0.1 },
    model: { hidden: ["width"], init_std: 1e-6 },
    training: { learning_rate: "eta_star / 2", regularization: 0, passes },
    search: { width: 32, factor: 0.5 },
    sweep: { width: widths },
    streams: { kind: "named", study_seed: 0, seeds },
  };
}

function planned(
  width: number,
  {
    seed = 0,
    passes = 100,
    learning_rate = 0.005,
    hidden = [width],
    ...more
  }: Partial<Record<"seed" | "passes" | "learning_rate", number>> & {
    readonly hidden?: readonly number[];
    readonly stop?: StopRules;
  } = {},
): PlannedTrial {
  const role = learning_rate === 0.005 ? "sweep" : "search";
  const data = { train_examples: 6000 };
  const specification = { data, model: { hidden }, training: { learning_rate, regularization: 0 } };
  // Of the specification, progress reads these alone.
  const point = { values: { width }, seed };
  return { role, point, trial: { specification, passes, ...more } } as unknown as PlannedTrial;
}

function evaluation(pass: number, objective = 0.5, correct = 5999): Evaluation {
  const score = { objective, correct, examples: 6000 };
  return { pass, train: score, test: score, fingerprint: "" };
}

function passed(planned: PlannedTrial, evaluation: Evaluation): StudyEvent {
  return { kind: "passed", planned, row: { evaluation, averages: [] } };
}

function record(passes: number, ending: TrialRecord["ending"] = { kind: "finished" }): TrialRecord {
  return { trajectory: [evaluation(passes)], ending } as unknown as TrialRecord;
}

/** A progress whose sweep is planned at time 0. */
function sweep(widths: readonly number[], passes = 100): [Progress, PlannedTrial[]] {
  const progress = new Progress(study(widths, [0], passes), 0);
  const trials = widths.map((width) => planned(width, { passes }));
  progress.observe({ kind: "planned", trials, dataset }, 0);
  return [progress, trials];
}

describe("time left", () => {
  test("is remaining cost over measured rate, a pass costing its multiply-adds and more", () => {
    const [progress, [narrow, wide]] = sweep([8, 512]);
    progress.observe(passed(narrow, evaluation(0)), 1000);
    progress.observe(passed(narrow, evaluation(50)), 6000);
    // 6000 steps and 16000 evaluations a pass.
    const pass = (width: number) =>
      6000 * (10_400 + (2 * 784 + 3 * 10) * width) + 16_000 * (5_200 + (784 + 10) * width);
    // 50 passes of width 8 took 5 s; to do are 50 of them and 100 of width 512.
    const left = ((50 * pass(8) + 100 * pass(512)) / (50 * pass(8))) * 5;
    expect(progress.secondsLeft(6000)).toBeCloseTo(left, 6);
    expect(wide.point.values.width).toBe(512);
  });

  test("knows a deep network's layers: 100 passes of 784-512-512-10 cost more than of 784-512-10", () => {
    const progress = new Progress(study([512], [0, 1]), 0);
    const [shallow, deep] = [[512], [512, 512]].map((hidden) => planned(512, { hidden }));
    progress.observe({ kind: "planned", trials: [shallow, deep], dataset }, 0);
    progress.observe(passed(shallow, evaluation(0)), 0);
    progress.observe(passed(shallow, evaluation(100)), 10_000);
    // A step costs two multiply-adds for each weight of the first layer and three above, an evaluation one everywhere.
    const pass = (first: number, above: number) =>
      6000 * (10_400 + 2 * first + 3 * above) + 16_000 * (5_200 + first + above);
    const ratio = pass(784 * 512, 512 * 512 + 512 * 10) / pass(784 * 512, 512 * 10);
    expect(progress.secondsLeft(10_000)).toBeCloseTo(10 * ratio, 6);
    expect(ratio).toBeGreaterThan(1.5);
  });

  test("is not told in the first two seconds, nor before a pass is done", () => {
    const [progress, [trial]] = sweep([8]);
    expect(progress.secondsLeft(60_000)).toBeNull();
    progress.observe(passed(trial, evaluation(0)), 1000);
    expect(progress.secondsLeft(60_000)).toBeNull();
    progress.observe(passed(trial, evaluation(1)), 1100);
    expect(progress.secondsLeft(2999)).toBeNull();
    expect(progress.secondsLeft(3000)).not.toBeNull();
  });

  test("is not told while the learning rate is searched", () => {
    const progress = new Progress(study([8, 16]), 0);
    const probe = planned(32, { passes: 1, learning_rate: 0.1 });
    progress.observe({ kind: "planned", trials: [probe], dataset }, 0);
    progress.observe(passed(probe, evaluation(0)), 0);
    progress.observe(passed(probe, evaluation(1)), 5000);
    expect(progress.secondsLeft(5000)).toBeNull();
  });

  test("counts what an earlier run did neither as done nor as to do", () => {
    const [progress, [reused, trained]] = sweep([512, 8]);
    progress.observe({ kind: "ended", planned: reused, record: record(100), reused: true }, 10);
    progress.observe(passed(trained, evaluation(0)), 1000);
    progress.observe(passed(trained, evaluation(25)), 4000);
    expect(progress.secondsLeft(4000)).toBeCloseTo(9, 6);
  });

  test("is at least what the longest trial takes alone at its pace", () => {
    const [progress, [narrow, wide]] = sweep([8, 512]);
    for (const one of [narrow, wide]) {
      progress.observe(passed(one, evaluation(0)), 0);
    }
    // A pass of 512 each second; the narrow one is done at once.
    progress.observe(passed(narrow, evaluation(100)), 10);
    for (let pass = 1; pass <= 20; pass++) {
      progress.observe(passed(wide, evaluation(pass)), pass * 1000);
    }
    expect(progress.secondsLeft(20_000)).toBeCloseTo(80, 6);
  });

  test("does not take a trial that waited for others for a slow one", () => {
    const [progress, [narrow, wide]] = sweep([8, 512]);
    for (const one of [narrow, wide]) {
      progress.observe(passed(one, evaluation(0)), 0);
    }
    for (let pass = 1; pass <= 99; pass++) {
      progress.observe(passed(wide, evaluation(pass)), pass * 500);
    }
    progress.observe(passed(narrow, evaluation(1)), 50_000);
    expect(progress.secondsLeft(50_000)).toBeLessThan(5);
  });

  test("a diverged trial has nothing left", () => {
    const [progress, [first, second]] = sweep([8, 8]);
    progress.observe(passed(first, evaluation(0)), 0);
    progress.observe(passed(first, evaluation(50)), 5000);
    const ending = { kind: "diverged", pass: 51, step: 3 } as const;
    progress.observe(
      { kind: "ended", planned: first, record: record(50, ending), reused: false },
      5000,
    );
    expect(progress.secondsLeft(5000)).toBeCloseTo(10, 6);
    expect(second.point.values.width).toBe(8);
  });
});

describe("time left of trials that rules may stop", () => {
  const stop = { after_interpolation: 10 };
  const seeds = [0, 1, 2, 3];
  const trials = seeds.map((seed) => planned(8, { seed, stop }));
  const ended = (planned: PlannedTrial, passes: number): StudyEvent => ({
    ...{ kind: "ended", planned, record: record(passes), reused: false },
  });
  const start = () => {
    const progress = new Progress(study([8], seeds), 0);
    progress.observe({ kind: "planned", trials, dataset }, 0);
    for (const trial of trials.slice(0, 2)) progress.observe(passed(trial, evaluation(0)), 0);
    return progress;
  };

  test("is that of all their passes as long as none has ended", () => {
    const progress = start();
    progress.observe(passed(trials[0], evaluation(10)), 10_000);
    // 390 passes at 10 in 10 s.
    expect(progress.secondsLeft(10_000)).toBeCloseTo(390, 6);
  });

  test("is known of one that interpolates, and else as of those that went farther", () => {
    const progress = start();
    progress.observe(passed(trials[0], evaluation(10)), 5000);
    progress.observe(passed(trials[1], evaluation(10, 0.1, 6000)), 10_000);
    // 90 of the first, 10 of the second, 100 of the two to come, at 20 in 10 s.
    expect(progress.secondsLeft(10_000)).toBeCloseTo(150, 6);
    progress.observe(passed(trials[1], evaluation(15, 0.1, 6000)), 10_000);
    progress.observe(ended(trials[1], 20), 10_000);
    // 10 of the first, 20 of each to come, at 30 in 10 s.
    expect(progress.secondsLeft(10_000)).toBeCloseTo(50 / 3, 6);
    // Past all that ended: up to its passes.
    progress.observe(passed(trials[0], evaluation(30)), 10_000);
    expect(progress.secondsLeft(10_000)).toBeCloseTo((70 + 40) / 5, 6);
  });

  test("of a crowd is that of trials as short as those that ended, which count as work done", () => {
    const many = Array.from({ length: 1000 }, (_, seed) => planned(8, { seed, stop }));
    const progress = new Progress(study([8], [0, 1]), 0);
    progress.observe({ kind: "planned", trials: many, dataset }, 0);
    for (const one of many.slice(0, 500)) progress.observe(ended(one, 20), 10_000);
    expect(progress.secondsLeft(10_000)).toBeCloseTo(10, 6);
    const diverged: StudyEvent = {
      ...{ kind: "ended", planned: many[500], reused: false },
      record: record(0, { kind: "diverged", pass: 40, step: 1 }),
    };
    progress.observe(diverged, 10_000);
    expect(progress.secondsLeft(10_000)).toBeCloseTo((499 * (10_040 / 501) * 10) / 10_040, 6);
  });
});

describe("on a terminal", () => {
  test("shows each trial, its pass, losses and accuracies, and all of it", () => {
    const [progress, [first, second]] = sweep([8, 16, 512]);
    progress.observe(passed(first, evaluation(0)), 0);
    progress.observe(passed(first, evaluation(40, 0.1234)), 4000);
    progress.observe({ kind: "ended", planned: second, record: record(100), reused: true }, 4000);
    expect(progress.lines(4000, WIDE)).toEqual([
      "mine: widths",
      "width 8      40/100  train  0.1234  99.98%   test  0.1234  99.98%",
      "width 16    100/100  train  0.5000  99.98%   test  0.5000  99.98%  kept",
      "width 512   waiting",
      "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   1 %  4 s, about 6 min 00 s left",
    ]);
  });

  test("100% means every example, NaN and tiny losses stay readable", () => {
    const [progress, [trial]] = sweep([8]);
    progress.observe(passed(trial, evaluation(3, 4.56e-5, 6000)), 0);
    expect(progress.lines(0, WIDE)[1]).toContain("train  4.6e-5    100%");
    progress.observe(passed(trial, evaluation(4, NaN, 0)), 0);
    expect(progress.lines(0, WIDE)[1]).toContain("train     NaN   0.00%");
  });

  test.each([
    [40, 12],
    [40, 24],
    [20, 5],
    [80, 24],
    [8, 3],
  ])("20 trials fit into %i columns and %i rows", (columns, rows) => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const progress = new Progress(study([512], seeds), 0);
    const trials = seeds.map((seed) => planned(512, { seed }));
    progress.observe({ kind: "planned", trials, dataset }, 0);
    for (const [index, trial] of trials.entries()) {
      if (index % 3 === 0) continue;
      progress.observe(passed(trial, evaluation(0)), 0);
      progress.observe(passed(trial, evaluation(37)), 60_000);
    }
    const lines = progress.lines(60_000, { columns, rows });
    expect(lines.length).toBeLessThanOrEqual(Math.max(rows - 1, 4));
    for (const line of lines) expect(line.length).toBeLessThan(columns);
    if (columns === 40) {
      expect(lines).toContain("width 512 seed 1     37/100   99.98%");
      expect(lines.includes("… and 13 more trials")).toBe(rows === 12);
    }
  });
});

test("piped, tells the plan, each start, every tenth pass and the end", () => {
  const [progress, [trial, reused]] = sweep([8, 16], 25);
  const lines: string[] = [];
  lines.push(...progress.observe({ kind: "planned", trials: [trial, reused], dataset }, 0));
  for (let pass = 0; pass <= 25; pass++) {
    const event = passed(trial, evaluation(pass));
    lines.push(...progress.observe(event, pass * 1000));
  }
  lines.push(
    ...progress.observe(
      { kind: "ended", planned: trial, record: record(25), reused: false },
      25_000,
    ),
  );
  lines.push(
    ...progress.observe(
      { kind: "ended", planned: reused, record: record(25), reused: true },
      25_000,
    ),
  );
  const scores = "train 0.5000 99.98%, test 0.5000 99.98%";
  expect(lines).toEqual([
    "mine: widths: 2 trials",
    `width 8: started: ${scores}`,
    `width 8: pass 10 of 25: ${scores}; about 55 s left`,
    `width 8: pass 20 of 25: ${scores}; about 45 s left`,
    `width 8: pass 25 of 25: ${scores}`,
    "width 8: finished",
    "width 16: finished, taken from the store",
  ]);
});

test("tells nothing of a request of which nothing is to be done here", () => {
  const [progress] = sweep([8]);
  expect(progress.observe({ kind: "planned", trials: [], dataset }, 0)).toEqual([]);
  expect(progress.lines(0, WIDE).join("\n")).toContain("width 8");
});

test("tells a divergence and running averages", () => {
  const [progress, [trial]] = sweep([8]);
  const ending = { kind: "diverged", pass: 1, step: 812 } as const;
  const row = { evaluation: evaluation(3), averages: [2.3, 1.25] };
  expect(progress.averageLines({ kind: "passed", planned: trial, row })).toEqual([
    "width 8: pass 3, step 100: running average of the objective 2.3000",
    "width 8: pass 3, step 200: running average of the objective 1.2500",
  ]);
  expect(
    progress.observe(
      { kind: "ended", planned: trial, record: record(0, ending), reused: false },
      0,
    ),
  ).toEqual(["width 8: diverged at step 812 of pass 1"]);
});

describe("more trials than anyone reads one by one", () => {
  const seeds = Array.from({ length: 1000 }, (_, seed) => seed);
  const trials = [1, 2].flatMap((width) => seeds.map((seed) => planned(width, { seed })));
  const start = (): Progress => {
    const progress = new Progress(study([1, 2], seeds), 0);
    expect(progress.observe({ kind: "planned", trials, dataset }, 0)).toEqual([
      "mine: widths: 2000 trials",
    ]);
    return progress;
  };
  const end = (planned: PlannedTrial, reused = false, ending?: TrialRecord["ending"]) =>
    ({ kind: "ended", planned, record: record(100, ending), reused }) as const;

  test("are a line for each hundredth, whose time left is of all", () => {
    const progress = start();
    const lines = trials.flatMap((trial, at) => progress.observe(end(trial), 10 * at));
    expect(lines).toHaveLength(100);
    expect(lines[49]).toMatch(/^mine: 50 %: 10\d\d of 2000 trials; about 1[01] s left$/);
    expect(lines[99]).toBe("mine: 100 %: 2000 of 2000 trials");
  });

  test("tell what was taken from the store and what diverged, and end at once where all is kept", () => {
    const progress = start();
    const diverged = { kind: "diverged", pass: 1, step: 3 } as const;
    const lines = trials.flatMap((trial, at) =>
      progress.observe(end(trial, true, at < 2 ? diverged : undefined), 10),
    );
    expect(lines).toEqual([
      "mine: 100 %: 2000 of 2000 trials, 2000 taken from the store, 2 diverged",
    ]);
  });

  test("are counted by width on a terminal; trials under way count with their passes", () => {
    const progress = start();
    for (const trial of trials.slice(0, 400)) progress.observe(end(trial), 5000);
    for (const trial of trials.slice(1000, 1200)) {
      progress.observe(passed(trial, evaluation(0)), 5000);
      progress.observe(passed(trial, evaluation(50)), 5000);
    }
    expect(progress.lines(5000, WIDE)).toEqual([
      "mine: widths",
      "width 1  400 of 1000 trials",
      "width 2  0 of 1000 trials",
      "███████░░░░░░░░░░░░░░░░░░░░░░░  24 %  5 s, about 16 s left",
    ]);
    expect(progress.lines(5000, { columns: 40, rows: 5 })[1]).toBe("… and 2 more points");
  });

  test("never read a record's rows", () => {
    const [trial] = trials;
    const unread = { ...end(trial), record: recordUnread() };
    expect(() => start().observe(unread, 10)).not.toThrow();
  });
});

function recordUnread(): TrialRecord {
  return {
    ending: { kind: "finished" },
    get trajectory() {
      throw new Error("rows were read");
    },
  } as unknown as TrialRecord;
}

test("of a search whose next trials depend on these a line a round is told, and no time left", () => {
  const searched = study([], [0]);
  const progress = new Progress(searched, 0);
  const trials = [0, 1].map((seed) => planned(16, { seed }));
  expect(progress.observe({ kind: "planned", trials, dataset }, 0)).toEqual([
    "mine: width 16: 2 trials",
  ]);
  for (const one of trials)
    for (const pass of [0, 10, 100])
      expect(progress.observe(passed(one, evaluation(pass)), 1000 * pass)).toEqual([]);
  expect(progress.secondsLeft(100_000)).toBeNull();
  expect(progress.lines(100_000, WIDE)[1]).toContain("width 16");
});
