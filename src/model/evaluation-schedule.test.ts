// Which passes a schedule has. Those of powers of ten are Python's: sorted({0, *(round(10**(j/k)) for j in range(…))}).

import { expect, test } from "vitest";
import {
  evaluationsBetween,
  isScheduled,
  lastScheduled,
  scheduledPasses,
  type EvaluationSchedule,
} from "./evaluation-schedule.ts";

const LOG_10 = [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 63, 79, 100];

test.each<[EvaluationSchedule | undefined, number, number[]]>([
  [undefined, 3, [0, 1, 2, 3]],
  [{ every: 10 }, 35, [0, 10, 20, 30]],
  [{ every: 10 }, 5, [0]],
  [{ every: 10 }, 0, [0]],
  [{ log: 1 }, 100_000, [0, 1, 10, 100, 1000, 10_000, 100_000]],
  [{ log: 2 }, 999, [0, 1, 3, 10, 32, 100, 316]],
  [{ log: 10 }, 124, LOG_10],
])("the passes of %j up to %i", (schedule, last, passes) => {
  expect(scheduledPasses(schedule, last)).toEqual(passes);
});

test.each<EvaluationSchedule>([
  { every: 7 },
  ...[1, 2, 3, 10, 20, 100, 999].map((log) => ({ log })),
])("a pass is told to be one of %j where it is", (schedule) => {
  const passes = new Set(scheduledPasses(schedule, 100_000));
  let last = 0;
  for (let pass = 0; pass <= 2500; pass++) {
    if (passes.has(pass)) last = pass;
    expect([pass, isScheduled(schedule, pass)]).toEqual([pass, passes.has(pass)]);
    expect(lastScheduled(schedule, pass)).toBe(last);
  }
  const high = Array.from({ length: 100_001 }, (_, pass) => pass);
  expect(high.filter((pass) => isScheduled(schedule, pass))).toEqual([...passes]);
});

test("evaluations between two passes are the scheduled ones and the last", () => {
  expect(evaluationsBetween(undefined, 3, 10)).toBe(7);
  expect(evaluationsBetween({ every: 10 }, 0, 95)).toBe(10);
  expect(evaluationsBetween({ every: 10 }, 90, 100)).toBe(1);
  expect(evaluationsBetween({ log: 10 }, 8, 14)).toBe(3);
});
