// The notebook's procedure with other seeds, widths and rates than its own (notebook-extra.json: made with PyTorch); its own
// are in homework.test.ts.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { notebookTrial } from "../dist/homework/replay.js";
import type { Dataset } from "../src/data/dataset.ts";
import type { NodePool } from "../src/pool/node/node-pool.ts";
import { trainOn } from "../src/pool/pool.ts";
import { openPool } from "./support/pool.ts";

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

const deviation = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);

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
