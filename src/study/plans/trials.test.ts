import { expect, test } from "vitest";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { plannedTrial } from "./planned-trial.ts";
import { sweepPlan } from "./sweep.ts";
import { inSets, inTurn, marked, MOST_HELD, trialsFrom, type Trials } from "./trials.ts";

const SEEDS = MOST_HELD + 3;
const planned = plannedTrial(study({ widths: [8], seeds: [0] }), DATASET_SIZES, {
  ...{ role: "sweep", values: { width: 8 }, seed: 0, after: () => [] },
});
const seedsOf = (trials: Trials) => Array.from(trials, ({ point }) => point.seed);

/** Of seeds from `first` on; `made` counts. */
function trials(length: number, first = 0) {
  const count = { made: 0 };
  const all = trialsFrom(length, function* () {
    for (let seed = first; seed < first + length; seed++) {
      count.made++;
      yield { ...planned, point: { ...planned.point, seed } };
    }
  });
  return { all, count };
}

test("few are made once, many whenever they are looked at, and no further than that", () => {
  const few = trials(MOST_HELD);
  expect([...few.all][7]).toBe([...few.all][7]);
  expect(few.count.made).toBe(MOST_HELD);
  const many = trials(SEEDS);
  expect([many.all.length, many.count.made]).toEqual([SEEDS, 0]);
  for (const { point } of many.all) if (point.seed === 9) break;
  expect(many.count.made).toBe(10);
  expect(seedsOf(many.all)).toEqual(seedsOf(many.all));
});

test("come in turn, in sets, and some of them, in their order", () => {
  const all = inTurn([trials(2).all, trials(SEEDS, 2).all, trials(0).all]);
  const seeds = Array.from({ length: SEEDS + 2 }, (_, seed) => seed);
  expect(all.length).toBe(seeds.length);
  expect(seedsOf(all)).toEqual(seeds);
  const sets = [...inSets(all)];
  expect(sets.map(({ length }) => length)).toEqual([MOST_HELD, 5]);
  expect(seedsOf(sets.flat())).toEqual(seeds);
  expect([...inSets([])]).toEqual([]);
  const marks = Uint8Array.from(seeds, (seed) => seed % 2);
  const odd = marked(all, marks);
  expect(odd.length).toBe(MOST_HELD / 2 + 2);
  expect(seedsOf(odd)).toEqual(seeds.filter((seed) => seed % 2 === 1));
});

test("a sweep's are those of its points and seeds, each as if planned by itself", () => {
  const seeds = Array.from({ length: MOST_HELD }, (_, seed) => seed);
  const asked = study({ widths: [8, 16], seeds });
  const next = sweepPlan(asked, DATASET_SIZES, 0.005)(() => undefined);
  const all = "trials" in next ? next.trials : [];
  expect(all.length).toBe(2 * MOST_HELD);
  const last = [...all][2 * MOST_HELD - 1];
  const alone = sweepPlan(study({ widths: [16], seeds: seeds.slice(-1) }), DATASET_SIZES, 0.005);
  const one = alone(() => undefined);
  expect([last]).toEqual("trials" in one ? one.trials : []);
});
