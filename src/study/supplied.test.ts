// Records by the thousand, kept as numbers: what is found is what was given.

import fc from "fast-check";
import { expect, test } from "vitest";
import { record, type Row } from "../../test/support/outcomes.ts";
import { recordOfRows, rowsOf, type TrialRecord } from "../records/record.ts";
import { SuppliedRecords } from "./supplied.ts";

const ROWS: readonly Row[] = [[2.3, 0.1, 2.3, 0.1], [0.5, 0.9, 0.6, 0.8]]; // prettier-ignore
const made = Array.from({ length: 9000 }, (_, seed) =>
  record(8, ROWS, {
    seed,
    ...(seed % 7 === 0 && { ending: { kind: "diverged", pass: 2, step: seed } as const }),
  }),
);
const byKey = new Map(made.map((one) => [one.key, one]));
const source = {
  rowsOf(key: string, passes: number) {
    expect(passes).toBe(1);
    return rowsOf(byKey.get(key) ?? expect.fail(key));
  },
};
const elsewhere = (one: TrialRecord) => recordOfRows({ ...one, source, passes: 1 });
const find = (records: SuppliedRecords, { key, specification }: TrialRecord) =>
  records.get(key, specification);

test("each is found under its key, the same one each time, with the rows that lie elsewhere", () => {
  const records = new SuppliedRecords();
  made.forEach((one, at) => {
    if (at % 2 === 0) records.set(one.key, elsewhere(one));
  });
  expect(records.size).toBe(4500);
  made.forEach((one, at) => {
    const found = find(records, one);
    if (at % 2 === 1) expect(found).toBeUndefined();
    else expect(find(records, one)).toBe(found);
  });
  for (const at of [0, 2, 14, 4498, 8190, 8192, 8998])
    expect(find(records, made[at])).toEqual(made[at]);
});

test("one that holds its rows, or has others behind it, is given back as it is", () => {
  const [first, second, third] = made;
  const other = recordOfRows({ ...third, source: { rowsOf: () => rowsOf(third) }, passes: 1 });
  const records = new SuppliedRecords();
  records.set(first.key, first);
  records.set(second.key, elsewhere(second));
  records.set(third.key, other);
  expect(find(records, first)).toBe(first);
  expect(find(records, second)).toEqual(second);
  expect(find(records, third)).toBe(other);
});

test("what is found is what a map would find, of keys that begin alike, whatever is set in whose place", () => {
  // The last places of the index, after which its first ones are looked at.
  const keys = made.slice(0, 12).map(({ key }, at) => `${at < 4 ? "000003fe" : "000003ff"}${key.slice(8)}`); // prettier-ignore
  const behind = ["one", "other"] as const;
  const step = fc.record({
    at: fc.nat(keys.length - 1),
    as: fc.constantFrom(null, "held", ...behind),
    value: fc.nat(99),
  });
  const isAsAMap = fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
    const records = new SuppliedRecords();
    const given = new Map<string, TrialRecord>();
    const whole = new Map<string, TrialRecord>();
    const found = new Map<string, TrialRecord | undefined>();
    const [one, other] = behind.map(() => ({
      rowsOf: (key: string, passes: number) =>
        rowsOf(whole.get(key) ?? expect.fail(key)).slice(0, passes + 1),
    }));
    for (const { at, as, value } of steps) {
      const key = keys[at];
      const { specification } = made[at];
      if (as === null) {
        const there = records.get(key, specification);
        expect(there).toEqual(given.get(key));
        if (found.has(key)) expect(there).toBe(found.get(key));
        found.set(key, there);
        continue;
      }
      const passes = value % 2;
      const trajectory = made[value].trajectory.slice(0, passes + 1);
      const record = { ...made[value], key, specification, trajectory };
      const source = as === "one" ? one : other;
      records.set(key, as === "held" ? record : recordOfRows({ ...record, source, passes }));
      given.set(key, record);
      whole.set(key, made[value]);
      found.delete(key);
    }
    expect(records.size).toBe(given.size);
  });
  fc.assert(isAsAMap, { seed: 1, numRuns: 50 });
});

test("specifications of the same parts are told apart by all that differs", () => {
  const { specification: shared } = made[0];
  const named = { kind: "named", study_seed: 0, seed: 0 } as const;
  const notebook = { kind: "notebook", numpy_seed: 1, torch_seed: 0, after: [] } as const;
  const specifications = [
    ...[0, 1, 5].map((seed) => ({ ...shared, streams: { ...named, seed } })),
    { ...shared, streams: { ...named, study_seed: 2 } },
    { ...shared, streams: notebook },
    { ...shared, streams: { ...notebook, torch_seed: 3 } },
    { ...shared, streams: named, evaluate: { every: 2 } },
    { ...shared, streams: named },
    { ...shared, streams: { ...named, seed: 9 }, model: { ...shared.model, bias: false as const } },
  ];
  const keys = specifications.map((_, at) => at.toString(16).padStart(64, "0"));
  const records = new SuppliedRecords();
  for (const key of keys) records.set(key, elsewhere({ ...made[0], key }));
  const found = specifications.map((one, at) => records.get(keys[at], one));
  expect(found.map((one) => one?.specification)).toEqual(specifications);
});
