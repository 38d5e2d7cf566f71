// Which trials a map that is refined asks for, and in which order it answers.

import { expect, test } from "vitest";
import { record, type Row } from "../../../test/support/outcomes.ts";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import type { TrialRecord } from "../../records/record.ts";
import type { Study } from "../spec.ts";
import type { PlannedTrial, Request } from "./plan.ts";
import { studyPlan } from "./study-plan.ts";

const PATH = "training.learning_rate";
const base = study({ widths: [] });

function asked(of: string, refine: number, seeds: readonly number[] = [0]): Study {
  const ranges = {
    width: { scale: "log", from: 4, to: 64, points: 5 },
    [PATH]: { scale: "log", from: 0.01, to: 1, points: 3 },
  } as const;
  return {
    ...base,
    model: { hidden: ["width"], init_std: 0.1 },
    streams: { kind: "named", study_seed: 0, seeds },
    sweep: { width: [4, 8, 16, 32, 64], paths: { [PATH]: [0.01, 0.1, 1] }, ranges },
    ask: [{ name: "map", of, refine }],
  };
}

/** Interpolates after a pass where the width times the rate is above 1.5, with seed 2 never. */
function recordOf({ point, trial }: PlannedTrial): TrialRecord {
  const [width] = trial.specification.model.hidden;
  const rate = trial.specification.training.learning_rate;
  expect([width, rate]).toEqual([point.values.width, point.values[PATH]]);
  const right = width * rate > 1.5 && point.seed !== 2;
  const rows: Row[] = [[2, 0.5, 2, 0.5], [1, right ? 1 : 0.5, 1, width / 100]]; // prettier-ignore
  return record(width, rows, { seed: point.seed ?? 0, learning_rate: rate });
}

function followed(of: Study, most = Infinity) {
  const plan = studyPlan(of, DATASET_SIZES, CATALOGUE);
  const records = new Map<PlannedTrial, TrialRecord>();
  const requests: Request[] = [];
  for (;;) {
    const next = plan((planned) => records.get(planned));
    if ("answer" in next) return { requests, outcomes: next.answer.outcomes };
    requests.push(next);
    if (requests.length > most) return { requests, outcomes: [] };
    for (const planned of next.trials) records.set(planned, recordOf(planned));
  }
}

const placeOf = ({ point }: { readonly point: PlannedTrial["point"] }) =>
  `${point.values.width} ${point.values[PATH]}`;

test("it asks for the coarse grid, then round by round for what lies between cells that differ, each trial once", () => {
  const { requests } = followed(asked("interpolates", 2));
  const [coarse, first, ...rest] = requests.map(({ trials }) => [...trials].map(placeOf));
  expect(coarse).toHaveLength(15);
  expect(coarse.slice(0, 6)).toEqual(["4 0.01", "8 0.01", "16 0.01", "32 0.01", "64 0.01", "4 0.1"]); // prettier-ignore
  expect(first).toContain("11 0.1");
  // √0.1 has twelve digits.
  expect(first).toContain("4 0.316227766017");
  expect(rest).toHaveLength(2);
  const all = [coarse, first, ...rest].flat();
  expect(new Set(all).size).toBe(all.length);
});

test("it answers in rows of the grid, with all seeds of a cell beside each other", () => {
  const { requests, outcomes } = followed(asked("interpolates", 2, [0, 1, 2]));
  expect(outcomes).toHaveLength(requests.flatMap(({ trials }) => [...trials]).length);
  expect(outcomes.map(({ point }) => point.seed).slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
  const places = outcomes.map(({ point }) => [Number(point.values[PATH]), Number(point.values.width)]); // prettier-ignore
  expect(places).toEqual(places.toSorted(([a, b], [c, d]) => a - c || b - d));
});

test("a cell is what most of its seeds are", () => {
  const told = (seeds: number[]) => followed(asked("interpolates", 1, seeds)).requests;
  const cells = (requests: readonly Request[]) =>
    requests.map(({ trials }) => [...new Set([...trials].map(placeOf))]);
  expect(cells(told([0, 1, 2]))).toEqual(cells(told([0])));
  // Of two seeds one is not most.
  expect(told([0, 2])).toHaveLength(1);
});

test("numbers are refined by what is asked of them", () => {
  const { requests } = followed(asked("test_accuracy", 1));
  const [, first] = requests.map(({ trials }) => [...trials].map(placeOf));
  // 4, 8 and 16 hundredths lie within a tenth of the range or beyond: 0.06, 0.12 and 0.3 of it.
  expect(first).not.toContain("6 0.01");
  expect(first).toEqual(expect.arrayContaining(["11 0.01", "23 0.01", "45 0.01"]));
});

test("before it knows it expects a straight boundary's trials; then those along what it knows", () => {
  const [coarse, first] = followed(asked("interpolates", 3), 2).requests;
  expect([coarse.guess, first.guess]).toEqual(["map", "map"]);
  const later = followed(asked("interpolates", 3)).requests.slice(1);
  const taken = later.flatMap(({ trials }) => [...trials]).length;
  for (const { trials, expected } of [coarse, first]) {
    expect([...expected].some((planned) => [...trials].includes(planned))).toBe(false);
    expect(new Set(expected).size).toBe(expected.length);
  }
  expect(coarse.expected.length).toBeGreaterThan(taken / 3);
  expect(coarse.expected.length).toBeLessThan(3 * taken);
});

test("its axes turn where x is the second", () => {
  const turned = { ...asked("interpolates", 1), ask: [{ name: "map", of: "interpolates", refine: 1, x: PATH }] }; // prettier-ignore
  const [coarse] = followed(turned).requests;
  const byY = { ...turned, ask: [{ name: "map", of: "interpolates", refine: 1, y: "width" }] };
  expect([...followed(byY).requests[0].trials].map(placeOf)).toEqual(
    [...coarse.trials].map(placeOf),
  );
  expect([...coarse.trials].map(placeOf).slice(0, 4)).toEqual(["4 0.01", "4 0.1", "4 1", "8 0.01"]);
});

test("a cell of which a seed is missing is asked for, and nothing beyond it", () => {
  const plan = studyPlan(asked("interpolates", 1, [0, 1]), DATASET_SIZES, CATALOGUE);
  const first = plan(() => undefined);
  if ("answer" in first) throw new Error("nothing is known");
  const [missing, ...kept] = first.trials;
  const records = new Map(kept.map((planned) => [planned, recordOf(planned)]));
  const next = plan((planned) => records.get(planned));
  expect("trials" in next && next.trials).toEqual([missing]);
});

test("unrefined it is its sweep", () => {
  const { requests } = followed(asked("interpolates", 0));
  expect(requests).toHaveLength(1);
  expect([...requests[0].trials].map(placeOf).slice(0, 4)).toEqual([
    "4 0.01",
    "4 0.1",
    "4 1",
    "8 0.01",
  ]);
  expect(requests[0].guess).toBeUndefined();
});
