// What is told of when the sharpness reaches its limit, over made-up measurements.

import { expect, test } from "vitest";
import { outcome } from "../../../test/support/outcomes.ts";
import { found, seedsResult } from "../../../test/support/results.ts";
import type { Outcome } from "../../analysis/outcome.ts";

/** Trials of one width at 2/η = 20, each with its sharpness pass by pass. */
function outcomesOf(paths: readonly (readonly number[])[], width = 8): Outcome[] {
  return paths.map((path, seed) => ({
    ...outcome(
      width,
      path.map(() => [1, 0.5, 1, 0.5] as const),
      { seed, learning_rate: 0.1 },
    ),
    measured: new Map([["sharpness", new Map(path.entries())]]),
  }));
}

/** The sentence of their point, or of all, and that of the limit. */
function told(
  paths: readonly (readonly number[])[],
  batch: "full" | 100 = "full",
  outcomes: readonly Outcome[] = outcomesOf(paths),
): readonly [point: string, limit: string] {
  const result = seedsResult(paths.length, outcomes);
  const training = {
    ...result.study.training,
    learning_rate: 0.1,
    passes: paths[0].length - 1,
    batch,
  };
  const ask = [{ name: "sharpness" }];
  const study = { ...result.study, training, ask, measure: ["sharpness" as const] };
  const { sentences } = found({ ...result, search: null, study }).answers.get("sharpness") ?? {};
  const [point, limit] = (sentences ?? []).map((text) =>
    text
      .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
      .join(""),
  );
  return [point, limit];
}

const LATE = [1, 5, 20, 21];
const AT_ONCE = [20, 5, 5, 5];
const NEVER = [1, 2, 3, 4];

test.each<[string, readonly (readonly number[])[]]>([
  ["it reaches it after 2 passes, and then", [LATE]],
  ["it begins at or above it, and then", [AT_ONCE]],
  ["it begins at or above it in 2 of 3 seeds, and then", [AT_ONCE, NEVER, AT_ONCE]],
  [
    "it reaches it in 3 of 3 seeds, by the median over all after 0 passes, and then",
    [AT_ONCE, AT_ONCE, LATE],
  ],
  [
    "it reaches it in 2 of 3 seeds, by the median over all after 2 passes, and then",
    [AT_ONCE, NEVER, LATE],
  ],
  ["it reaches it in 1 of 3 seeds, and then", [NEVER, NEVER, LATE]],
  ["it does not reach 2/η", [NEVER, NEVER]],
])("%s", (words, paths) => {
  expect(told(paths)[0]).toContain(words);
});

test("with smaller batches than full ones the limit is said to be that of full batches", () => {
  expect(told([LATE], 100)[1]).toContain("That is full batches' limit");
  expect(told([LATE])[1]).not.toContain("full batches");
});

test("of more than a dozen points it is told how many reach it in more than half of their seeds", () => {
  const half = [LATE, NEVER];
  const most = [LATE, AT_ONCE];
  const widths = Array.from({ length: 13 }, (_, index) => index + 1);
  const all = (count: number) =>
    widths
      .slice(0, count)
      .flatMap((width) =>
        outcomesOf(width <= 3 ? most : width <= 6 ? half : [NEVER, NEVER], width),
      );
  expect(told(half, "full", all(13))[0]).toBe(
    "The sharpness reaches 2/η in most seeds at 3 of 13 points.",
  );
  expect(told(half, "full", all(12))[0]).toContain("Width 1: the sharpness goes from");
});
