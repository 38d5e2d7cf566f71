// The notebook to the digit (test/reference/notebook.json: what it printed), and the same procedure with other
// seeds, widths and rates (notebook-extra.json: made with PyTorch).

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayNotebook, notebookTrial, type Replay } from "../dist/homework/replay.js";
import type { Dataset } from "../src/data/dataset.ts";
import type { NodePool } from "../src/pool/node/node-pool.ts";
import { trainOn } from "../src/pool/pool.ts";
import { openPool } from "./support/pool.ts";

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

const extra = JSON.parse(
  readFileSync(new URL("reference/notebook-extra.json", import.meta.url), "utf8"),
) as {
  cases: {
    numpy_seed: number;
    torch_seed: number;
    trainings_in_order: {
      width: number;
      learning_rate: number;
      right_before_train_test: [number, number];
      running_averages: number[];
      loss_after_train_test: [number, number];
    }[];
  }[];
};

let dataset: Dataset;
let pool: NodePool;

beforeAll(async () => {
  ({ dataset, pool } = await openPool());
});

afterAll(() => pool.close());

const printed = (value: number | null) => (value === null ? null : Number(value.toFixed(3)));

const deviation = (ours: number | null, theirs: number) => Math.abs((ours ?? NaN) / theirs - 1);

describe("the notebook", () => {
  let replay: Replay;
  const [diverging, converging, doubled] = notebook.learning_rate_search_hidden_32;

  beforeAll(async () => {
    replay = await replayNotebook({ dataset, pool });
  }, 300_000);

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

describe.each(extra.cases)(
  "NumPy seed $numpy_seed and torch seed $torch_seed",
  ({ numpy_seed, torch_seed, trainings_in_order }) => {
    test.each(trainings_in_order.map((training, index) => ({ ...training, index })))(
      "width $width at $learning_rate",
      async ({ index, width, learning_rate, ...theirs }) => {
        const record = await trainOn(
          pool,
          notebookTrial(dataset, {
            hidden: [width],
            learningRate: learning_rate,
            passes: 1,
            after: trainings_in_order
              .slice(0, index)
              .map((earlier) => ({ hidden: [earlier.width], passes: 1 })),
            seeds: { numpy: numpy_seed, torch: torch_seed },
          }),
        );
        const [before, after] = record.trajectory;
        expect([before.train.correct, before.test.correct]).toEqual(theirs.right_before_train_test);
        theirs.running_averages.slice(0, 20).forEach((average, line) => {
          expect(deviation(record.running_averages[line], average)).toBeLessThan(1e-5);
        });
        theirs.loss_after_train_test.forEach((loss, set) => {
          const ours = [after.train.objective, after.test.objective][set];
          expect(deviation(ours, loss)).toBeLessThan(0.05);
        });
      },
    );
  },
);
