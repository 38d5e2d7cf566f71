// Which trials the search for a threshold asks for, and what it makes of their records.

import { expect, test } from "vitest";
import { record } from "../../../test/support/outcomes.ts";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { widthOf } from "../../records/point.ts";
import type { TrialRecord } from "../../records/record.ts";
import type { PlannedTrial, Request } from "./plan.ts";
import { studyPlan } from "./study-plan.ts";
import { MOST_SEEDS } from "./threshold-search.ts";

const asked = {
  ...study({ widths: [] }),
  model: { hidden: ["width" as const], init_std: 0.1 },
  streams: { kind: "named" as const, study_seed: 0, seeds: [0] },
  training: { ...study({ widths: [8] }).training, learning_rate: 0.1 },
  stop: { after_interpolation: 0 },
  ask: [{ name: "threshold" }],
};

/** From width 3 on every seed interpolates after a pass and stops, below none does. */
function recordOf({ point }: PlannedTrial): TrialRecord {
  const seed = point.seed ?? 0;
  const right = widthOf({ point }) >= 3;
  return record(widthOf({ point }), right ? [[1, 0.5, 1, 0.5], [0, 1, 0, 1]] : [[1, 0.5, 1, 0.5]], { seed }); // prettier-ignore
}

function followed() {
  const plan = studyPlan(asked, DATASET_SIZES, CATALOGUE);
  const requests: Request[] = [];
  const known = new Set<PlannedTrial>();
  for (;;) {
    const next = plan((planned) => (known.has(planned) ? recordOf(planned) : undefined));
    if ("answer" in next) return { requests, answer: next.answer };
    requests.push(next);
    for (const planned of next.trials) known.add(planned);
  }
}

test("it asks for the seeds of one look after the other, each trial once, to stop at interpolation", () => {
  const { requests } = followed();
  const [first] = requests;
  expect([...first.trials].map(({ point }) => point)).toEqual(
    Array.from({ length: 12 }, (_, seed) => ({ values: { width: 1 }, seed })),
  );
  const { trial, role } = [...first.trials][3];
  expect([trial.specification.model.hidden, trial.stop, role]).toEqual([
    ...[[1], { after_interpolation: 0 }, "sweep"],
  ]);
  expect(trial.specification.streams).toEqual({ kind: "named", study_seed: 0, seed: 3 });
  expect(trial.specification.training.learning_rate).toBe(0.1);
  expect(requests.map(({ trials }) => [...new Set([...trials].map(widthOf))])).toEqual([
    ...[[1], [2], [4], [3], [5, 6]],
  ]);
  const all = requests.flatMap(({ trials }) => [...trials]);
  expect(new Set(all.map(({ point }) => JSON.stringify(point))).size).toBe(all.length);
});

test("it answers with its trials in ascending order of width and seed", () => {
  const { answer, requests } = followed();
  expect(answer.threshold).toMatchObject({ low: 3, high: 3, violations: [] });
  const points = answer.outcomes.map(({ point }) => [Number(point.values.width), point.seed ?? 0]);
  expect(points).toEqual(points.toSorted(([a, b], [c, d]) => a - c || b - d));
  expect(points).toHaveLength(requests.flatMap(({ trials }) => [...trials]).length);
  expect(answer.outcomes.filter(({ stopped }) => stopped).length).toBeGreaterThan(0);
});

test("it looks into the rows of each trial equally often, however many looks it takes", () => {
  const plan = studyPlan(asked, DATASET_SIZES, CATALOGUE);
  const records = new Map<PlannedTrial, TrialRecord>();
  const reads = new Map<PlannedTrial, number>();
  for (let looks = 1; ; looks++) {
    const next = plan((planned) => records.get(planned));
    if ("answer" in next) {
      expect(looks).toBeGreaterThan(4);
      break;
    }
    for (const planned of next.trials) {
      const { trajectory, ...rest } = recordOf(planned);
      const counting = {
        ...rest,
        get trajectory() {
          reads.set(planned, (reads.get(planned) ?? 0) + 1);
          return trajectory;
        },
      };
      records.set(planned, counting);
    }
  }
  const counts = [...reads.values()];
  expect(Math.max(...counts)).toBe(Math.min(...counts));
});

test("one threshold is searched for each value of another axis, side by side", () => {
  const swept = {
    ...asked,
    sweep: { width: [], paths: { "training.learning_rate": [0.1, 0.2] } },
  };
  const plan = studyPlan(swept, DATASET_SIZES, CATALOGUE);
  const known = new Map<PlannedTrial, TrialRecord>();
  const requests: Request[] = [];
  // From width 3 on at the first rate, from 5 on at the second.
  for (;;) {
    const next = plan((planned) => known.get(planned));
    if ("answer" in next) {
      const { threshold, thresholds, outcomes } = next.answer;
      expect(threshold).toBe(thresholds?.[0]);
      expect(thresholds).toMatchObject([
        { values: { "training.learning_rate": 0.1 }, low: 3, high: 3 },
        { values: { "training.learning_rate": 0.2 }, low: 5, high: 5 },
      ]);
      // 6000 examples × 10 classes ÷ (784 inputs + 10).
      expect(thresholds?.[1].rule).toBeCloseTo(75.567, 3);
      const rates = outcomes.map(({ point }) => Number(point.values["training.learning_rate"]));
      expect(rates).toEqual(rates.toSorted());
      expect(outcomes).toHaveLength(known.size);
      break;
    }
    requests.push(next);
    for (const planned of next.trials) {
      const rate = planned.trial.specification.training.learning_rate;
      const { width } = planned.point.values;
      const made = recordOf({ ...planned, point: { ...planned.point, values: { width: rate === 0.2 ? Number(width) - 2 : width } } }); // prettier-ignore
      known.set(planned, { ...made, specification: planned.trial.specification });
    }
  }
  const [first] = requests;
  expect(first.trials).toHaveLength(24);
  expect(new Set([...first.trials].map(({ point }) => JSON.stringify(point.values)))).toEqual(
    new Set([0.1, 0.2].map((rate) => JSON.stringify({ width: 1, "training.learning_rate": rate }))),
  );
});

test("before it knows it expects what it would take if parameters made the threshold", () => {
  const [first] = followed().requests;
  // 6000 examples × 10 classes ÷ (784 inputs + 10) is 75.6: as if 128 were the first power of two to interpolate.
  const widths = new Set([...first.expected].map(widthOf));
  expect([...widths].slice(0, 8)).toEqual([2, 4, 8, 16, 32, 64, 128, 96]);
  expect(Math.max(...widths)).toBe(256);
  expect([...first.expected].some((planned) => [...first.trials].includes(planned))).toBe(false);
  expect(Math.max(...[...first.expected].map(({ point }) => point.seed ?? 0))).toBeLessThan(
    MOST_SEEDS,
  );
});

test("a search for its learning rate comes first, at its own width", () => {
  const searching = {
    ...asked,
    training: { ...asked.training, learning_rate: "eta_star / 2" as const },
    search: { ...asked.search, width: 16 },
  };
  const next = studyPlan(searching, DATASET_SIZES, CATALOGUE)(() => undefined);
  if ("answer" in next) throw new Error("nothing is known");
  expect(
    [...next.trials].map(({ role, point, trial }) => [
      role,
      point.values.width,
      trial.specification.model.hidden,
    ]),
  ).toEqual([["search", 16, [16]]]);
  expect([...next.expected].filter(({ role }) => role === "sweep").map(widthOf)).toContain(128);
});

test.each([
  // w² + 794 w = 60000, 2w² + 794 w = 60000, and a layer that stays as it is.
  [["width" as const, "width" as const], 69.486],
  [["width" as const, "width" as const, "width" as const], 64.943],
  [["width" as const, 5], null],
])("the width by the count of parameters: %j", (hidden, rule) => {
  const deep = {
    ...asked,
    model: { hidden, init_std: 0.1 },
    sweep: { width: [], paths: { "training.learning_rate": [0.1, 0.2] } },
  };
  const plan = studyPlan(deep, DATASET_SIZES, CATALOGUE);
  const known = new Map<PlannedTrial, TrialRecord>();
  for (;;) {
    const next = plan((planned) => known.get(planned));
    if ("answer" in next) {
      const found = next.answer.thresholds?.[0].rule ?? null;
      if (rule === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(rule, 3);
      return;
    }
    for (const planned of next.trials)
      known.set(planned, { ...recordOf(planned), specification: planned.trial.specification });
  }
});
