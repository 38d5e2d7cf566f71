// Which trials the searches for stable learning rates ask for, and what they make of them.

import { expect, test } from "vitest";
import { answeredRates, BY_WIDTH } from "../../../test/support/rates.ts";
import { searchRecords } from "./learning-rate.ts";
import type { PlannedTrial } from "./plan.ts";

const STUDY = `
dataset: { name: fashion-mnist, examples: 100 }
model: { hidden: [width], init_std: 0.1 }
training: { passes: 3 }
sweep: { width: [4, 64] }
streams: { seeds: [5, 3] }
`;

const placeOf = ({ point: { values, seed } }: PlannedTrial) => `${values.width}/${seed}`;

test("every point and seed is searched by itself, all at once, and no rate of the study's own", async () => {
  const { result, requests } = await answeredRates(`${STUDY}ask: [learning-rate]`);
  expect(requests[0].map(placeOf)).toEqual(["4/5", "4/3", "64/5", "64/3"]);
  expect(requests[0].map(({ role, trial }) => [role, trial.passes])).toEqual(
    Array(4).fill(["search", 1]),
  );
  expect(requests[0][2].trial.specification).toMatchObject({
    model: { hidden: [64] },
    training: { learning_rate: 0.125 },
    streams: { seed: 5 },
  });
  // 1/√4 with seed 3, 12 % more with seed 5; 1/√64 is 0.125.
  expect(result.rates?.found).toEqual([
    {
      ...{ values: { width: 4 }, by: "rule" },
      seeds: [
        { seed: 5, low: 0.545254, high: 0.594604, against: [] },
        { seed: 3, low: 0.5, high: 0.545254, against: [] },
      ],
    },
    {
      ...{ values: { width: 64 }, by: "rule" },
      seeds: [
        { seed: 5, low: 0.136314, high: 0.148651, against: [] },
        { seed: 3, low: 0.125, high: 0.136314, against: [] },
      ],
    },
  ]);
  expect([result.outcomes, result.search, result.learning_rate]).toEqual([[], null, null]);
  const asked = requests.flat();
  const keys = asked.map(({ trial }) => JSON.stringify(trial));
  expect(new Set(keys).size).toBe(keys.length);
  // Points in their order, seeds within each.
  const told = result.rates?.trials ?? [];
  expect(told.map(({ record }) => record)).toEqual(result.further);
  expect(told).toHaveLength(asked.length);
  expect([...new Set(told.map(({ values, seed }) => `${values.width}/${seed}`))]).toEqual(
    requests[0].map(placeOf),
  );
});

test("both rules search side by side, each after its own passes, and look below by the finite one alone", async () => {
  const { result, requests } = await answeredRates(
    `${STUDY}ask: [{ name: learning-rate, by: both }]`,
  );
  expect(requests[0].map(({ trial }) => trial.passes)).toEqual([1, 3, 1, 3, 1, 3, 1, 3]);
  const found = result.rates?.found.map(({ values, by, seeds }) => [
    values.width,
    by,
    seeds[1].low,
  ]);
  expect(found).toEqual([
    [4, "rule", 0.5],
    [4, "not finite", 2],
    [64, "rule", 0.125],
    [64, "not finite", 0.5],
  ]);
  const tried = (passes: number) =>
    (result.rates?.trials ?? [])
      .filter((one) => one.values.width === 64 && one.seed === 3 && one.passes === passes)
      .map(({ learning_rate }) => learning_rate);
  expect(tried(1)).toEqual([0.125, 0.25, 0.176777, 0.148651, 0.136314, 0.272628]);
  expect(tried(3)).toEqual([0.125, 0.25, 0.5, 1, 0.707107, 0.594604, 0.545254, 1.090508]);
});

test("one pass has to bring the loss below the study's factor", async () => {
  // From 2 to 0.5.
  const least = async (factor: number) => {
    const lines = `${STUDY}search: { factor: ${factor} }\nask: [learning-rate]`;
    return (await answeredRates(lines)).result.rates?.found[0].seeds[1].low;
  };
  expect([await least(0.25), await least(0.26)]).toEqual([0, 0.5]);
});

test("a rule that looks at one pass, too, takes the other's trials", async () => {
  const one = STUDY.replace("passes: 3", "passes: 1");
  const { requests } = await answeredRates(`${one}ask: [{ name: learning-rate, by: both }]`);
  expect(requests[0]).toHaveLength(4);
});

test("a point where nothing is stable, or all is, has its answer beside the others'", async () => {
  const { result } = await answeredRates(`${STUDY}ask: [learning-rate]`, (planned) => {
    const isWide = planned.point.values.width === 64;
    if (isWide) return { lowers: planned.point.seed === 5, finite: true };
    return BY_WIDTH(planned);
  });
  expect(result.rates?.found[1].seeds).toEqual([
    { seed: 5, low: 8192, high: Infinity, against: [] },
    { seed: 3, low: 0, high: 2 ** -26, against: [] },
  ]);
  expect(result.rates?.found[0].seeds[1].low).toBe(0.5);
});

test("larger rates are tried where the rule finds none below, but not where training does not stay finite", async () => {
  const largest = async (by: string) => {
    const lines = `${STUDY}ask: [{ name: learning-rate, by: ${by} }]`;
    const { result } = await answeredRates(lines, () => ({ lowers: false, finite: false }));
    return Math.max(...(result.rates?.trials ?? []).map(({ learning_rate }) => learning_rate));
  };
  expect([await largest("rule"), await largest("not finite")]).toEqual([8192, 0.125]);
});

test("beside a sweep that searches its rate, that search comes first, and its trials stand first", async () => {
  const { result, requests } = await answeredRates(
    `${STUDY}search: { width: 4 }\nask: [learning-rate, learning-curves]`,
  );
  expect(requests[0].map(placeOf)).toEqual(["4/5"]);
  const swept = requests.flat().filter(({ role }) => role === "sweep");
  expect(swept.map(placeOf)).toEqual(["4/5", "4/3", "64/5", "64/3"]);
  const { search, outcomes, further = [] } = result;
  if (search === null) throw new Error("it was searched");
  const all = [...searchRecords(search), ...outcomes.map(({ record }) => record), ...further];
  expect(all).toHaveLength(requests.flat().length);
});

test("it expects about as many trials as it takes", async () => {
  for (const ratio of [1.02, 1.1, 2]) {
    const { requests, expected } = await answeredRates(
      `${STUDY}ask: [{ name: learning-rate, ratio: ${ratio} }]`,
    );
    const all = requests.flat().length;
    expect(expected).toBeGreaterThan(0.6 * all);
    expect(expected).toBeLessThan(1.5 * all);
  }
});
