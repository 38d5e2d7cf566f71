// What is told of a threshold that was searched, made up.

import { expect, test } from "vitest";

import { outcome } from "../../../test/support/outcomes.ts";
import { homeworkResult } from "../../../test/support/results.ts";
import type { ThresholdFound, Visit } from "../../study/plans/threshold-search.ts";
import { CATALOGUE } from "../catalogue.ts";
import { answered } from "../asked.ts";

const visit = (width: number, interpolated: number, verdict: Visit["verdict"]): Visit => ({
  ...{ width, seeds: 12, interpolated, verdict },
});

function told(found: Pick<ThresholdFound, "low" | "high" | "visits"> & Partial<ThresholdFound>) {
  const result = homeworkResult([outcome(8, [[1, 1, 1, 1]], { seed: 0 })]);
  const { sentences = [], ...answer } =
    answered(
      {
        ...{ ...result, search: null, learning_rate: 0.1 },
        study: {
          ...result.study,
          training: { ...result.study.training, learning_rate: 0.1, passes: 7 },
          sweep: { width: [] },
          streams: { kind: "named", study_seed: 0, seeds: [] },
          ask: [{ name: "threshold" }],
        },
        threshold: { violations: [], ...found },
      },
      CATALOGUE,
    ).answers.get("threshold") ?? expect.fail();
  const said = sentences.map((text) =>
    text
      .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
      .join(""),
  );
  return { ...answer, said };
}

const [NONE, SOME, ALL] = [visit(2, 0, "less"), visit(3, 6, "undecided"), visit(4, 12, "more")];

test("an interval says what both of its ends were seen to do", () => {
  const { said, lines, facts } = told({ low: 3, high: 4, visits: [NONE, ALL, SOME] });
  expect(said).toEqual([
    "The smallest width that interpolates in more than half of all seeds lies in 3 … 4, at 95 % confidence if that share rises with width: within 7 passes width 2 does so in 0 of 12 seeds, width 4 in 12 of 12 seeds.",
  ]);
  expect(lines).toHaveLength(1);
  expect(facts?.[0].value).toBe("3 … 4");
});

test("an interval of one width is that width, and the width 1 has none below", () => {
  expect(told({ low: 3, high: 3, visits: [NONE, visit(3, 11, "more")] }).said[0]).toMatch(
    /^The smallest .* is 3, .* width 2 does so in 0 of 12 seeds, width 3 in 11 of 12 seeds\.$/,
  );
  expect(told({ low: 1, high: 1, visits: [visit(1, 12, "more")] }).said[0]).toMatch(
    / is 1, at 95 % .*: within 7 passes width 1 interpolates in 12 of 12 seeds\.$/,
  );
  expect(told({ low: 2, high: 2, visits: [visit(1, 0, "less"), visit(2, 12, "more")] }).said[0]).toContain("width 1 does so in 0 of 12 seeds"); // prettier-ignore
});

test("without an upper end that is said of the widest width visited", () => {
  expect(told({ low: 3, high: null, visits: [NONE, visit(65536, 6, "undecided")] }).said).toEqual([
    "No width up to 65536 is shown to interpolate in more than half of all seeds within 7 passes; width 2 does so in 0 of 12 seeds.",
  ]);
});

test("a share that falls again is told with both widths", () => {
  const visits = [NONE, SOME, ALL, visit(5, 0, "less"), visit(8, 1, "less")];
  const { said, lines, summary } = told({
    ...{ low: 3, high: 4, visits },
    violations: [
      [4, 8],
      [4, 5],
    ],
  });
  expect(said[1]).toBe(
    "The share does not rise with width everywhere: it is shown to lie above one half at width 4, and below at the wider widths 5 and 8. The interval is that of one crossing, and there are others.",
  );
  expect(lines?.[1]).toBe("the share does not rise with width everywhere: see the report");
  expect(summary).toMatchObject({ threshold: { interval: [3, 4], violations: [[4, 8], [4, 5]] } }); // prettier-ignore
});
