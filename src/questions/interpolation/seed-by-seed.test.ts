// The smallest interpolating width of each seed, and its median: worked out by hand, and beside SciPy's order statistics.

import { describe, expect, test } from "vitest";
import { timedOutcome } from "../../../test/support/outcomes.ts";
import { found, seedsResult, timedSeeds } from "../../../test/support/results.ts";
import reference from "../../../test/reference/statistics.json" with { type: "json" };
import type { StudyResult } from "../../study/result.ts";
import type { Answer } from "../question.ts";

const answerOf = (result: StudyResult) =>
  found(result).answers.get("smallest-interpolating-width") ?? ({} satisfies Answer);

/** Of ten seeds two at width 8, of which one does not at 16; four at 16, of which one does not at 32; one at 32; three at none. */
const CENSORED = timedSeeds({
  8: [9, null, null, 8, null, null, null, null, null, null],
  16: [null, 9, 9, 6, 5, null, 6, null, null, null],
  32: [5, 6, null, 5, 4, 9, 5, null, null, null],
});

describe("with several seeds", () => {
  test("summary.json has each seed's, the median between order statistics, and the share that has one", () => {
    const { summary = {} } = answerOf(CENSORED);
    expect(summary).toEqual({
      smallest_interpolating_width: 32,
      smallest_interpolating_width_by_seed: [8, 16, 16, 8, 16, 32, 16, null, null, null],
      // Sorted: 8 8 16 16 16 | 16 32 none none none. Of ten the second and the ninth hold it at 97.9 %.
      median_smallest_interpolating_width: {
        ...{ value: 16, interval: [8, null] },
        by: "95 % interval between order statistics of 10 seeds",
      },
      share_with_interpolating_width: {
        value: 0.7,
        // Wilson's of 7 of 10: (0.7 + 1.92/10 ± 1.96 √(0.21/10 + 0.9604/100)) / (1 + 3.84/10).
        interval: [expect.closeTo(0.3968, 4), expect.closeTo(0.8922, 4)],
        by: "Wilson's 95 % interval of 10 seeds",
      },
    });
    expect(Object.keys(summary)[0]).toBe("smallest_interpolating_width");
  });

  test("sentence, table and terminal say the same", () => {
    const { sentences = [], lines = [], section } = answerOf(CENSORED);
    expect(sentences[1]).toEqual([
      "Seed by seed the smallest width that interpolates is 8 in 2, 16 in 4, 32 in 1 and none of these in 3 of 10 seeds: ",
      "the median is ",
      { strong: "16 (8 … none)" },
      ", in brackets the 95 % interval between order statistics of 10 seeds, none of these counting as wider than any. ",
      "Some width interpolates in 7 of 10 seeds (Wilson's 95 % interval: 40 … 89 %).",
    ]);
    expect(lines[1]).toBe("seed by seed: median 16 (8 … none), some width in 7 of 10 seeds");
    expect(section?.blocks).toMatchObject([
      {
        caption:
          "The smallest of the widths that interpolates, seed by seed: its median over seeds, none of these counting as wider than any, in brackets the 95 % interval between order statistics of 10 seeds; and the share of seeds of which some width interpolates, with Wilson's 95 % interval",
        columns: [
          { heading: "median of the smallest width" },
          { heading: "some width interpolates" },
          { heading: "share" },
        ],
        rows: [[["16 (8 … none)"], ["7 of 10 seeds"], ["40 … 89 %"]]],
      },
    ]);
  });

  test("a median between two widths says so", () => {
    const { sentences = [] } = answerOf(timedSeeds({ 8: [9, null], 16: [7, 8] }));
    expect(sentences[1]).toContain(", midway between 8 and 16, in brackets the range of 2 seeds. ");
  });

  test("more than a dozen widths are not told one by one", () => {
    const sentenceOf = (length: number) => {
      const widths = Array.from({ length }, (_, place) => place + 1);
      const byWidth = widths.map((width) => [
        width,
        widths.map((one) => (one === width ? 4 : null)),
      ]);
      const { sentences = [] } = answerOf(
        timedSeeds(Object.fromEntries(byWidth) as Record<number, (number | null)[]>),
      );
      return sentences[1];
    };
    expect(sentenceOf(12)[0]).toMatch(/is 1 in 1, 2 in 1, .* and 12 in 1 of 12 seeds: $/);
    expect(sentenceOf(13).slice(0, 3)).toEqual([
      "Seed by seed the smallest width that interpolates varies: ",
      "the median is ",
      { strong: "7 (3 … 11)" },
    ]);
  });

  test("each combination of what else is swept has its own", () => {
    const axis = "dataset.label_noise";
    const at = (value: number, byWidth: Readonly<Record<number, readonly (number | null)[]>>) =>
      timedSeeds(byWidth).outcomes.map(({ point, record }) => ({
        point: { ...point, values: { ...point.values, [axis]: value } },
        record,
      }));
    const result = seedsResult(7, [
      ...at(0, { 16: [3, null, 4, 5, null, 6, 4], 32: [2, 3, 4, 4, null, 5, 4] }),
      ...at(0.2, { 16: [8, null, 9, null, null, 9, null], 32: [7, 9, 8, 9, 8, 7, 9] }),
    ]);
    const study = {
      ...result.study,
      sweep: { width: [16, 32], paths: { [axis]: [0, 0.2] } },
    };
    const { sentences = [], summary = {}, section } = answerOf({ ...result, study });
    expect(summary.smallest_interpolating_width_by_seed).toEqual({
      [`${axis}=0`]: [16, 32, 16, 16, null, 16, 16],
      [`${axis}=0.2`]: [16, 32, 16, 32, 32, 16, 32],
    });
    expect(summary.median_smallest_interpolating_width).toMatchObject({
      [`${axis}=0`]: { value: 16, interval: [16, null] },
      [`${axis}=0.2`]: { value: 32, interval: [16, 32] },
    });
    expect(summary.share_with_interpolating_width).toMatchObject({
      [`${axis}=0`]: { value: 6 / 7 },
      [`${axis}=0.2`]: { value: 1 },
    });
    expect(sentences.at(-1)).toEqual([
      "Seed by seed the smallest width that interpolates has the median 16 (16 … none) at label noise 0 and 32 (16 … 32) at label noise 0.2; in brackets the 95 % interval between order statistics of 7 seeds, none of these counting as wider than any.",
    ]);
    expect(section?.blocks).toMatchObject([
      {
        columns: [{ heading: "label noise" }, {}, {}, {}],
        rows: [
          [["0"], ["16 (16 … none)"], ["6 of 7 seeds"], ["49 … 97 %"]],
          [["0.2"], ["32 (16 … 32)"], ["7 of 7 seeds"], ["65 … 100 %"]],
        ],
      },
    ]);
  });
});

test.each([
  ["one seed", timedSeeds({ 8: [null], 16: [3] })],
  ["one width", timedSeeds({ 8: [null, 4] })],
])("with %s there is nothing beside", (_, result) => {
  const { summary, section, sentences = [] } = answerOf(result);
  expect(Object.keys(summary ?? {})).toEqual(["smallest_interpolating_width"]);
  expect(section).toBeUndefined();
  expect(JSON.stringify(sentences)).not.toContain("Seed by seed");
});

test("where no width interpolates in any seed the summary alone says it once more", () => {
  const {
    sentences = [],
    lines,
    section,
    summary,
  } = answerOf(timedSeeds({ 8: [null, null], 16: [null, null] }));
  expect(sentences[0]).toEqual([
    { strong: "No width interpolates in most seeds" },
    " within 100 passes: none does in any seed.",
  ]);
  expect([lines, section]).toEqual([
    ["smallest interpolating width: none of these (in most of 2 seeds; none does in any seed)"],
    undefined,
  ]);
  expect(JSON.stringify(sentences)).not.toContain("Seed by seed");
  expect(summary).toMatchObject({
    smallest_interpolating_width_by_seed: [null, null],
    share_with_interpolating_width: { value: 0 },
  });
});

test("medians and their intervals are SciPy's order statistics", () => {
  for (const { values, at } of reference.medians.filter(
    ({ values: { length } }) => length > 1 && length <= 15,
  )) {
    const widths = values.map((value) => Math.round(1000 * value));
    const outcomes = widths.flatMap((width) =>
      widths.map((own, seed) => timedOutcome(width, width === own ? 1 : null, { seed, passes: 1 })),
    );
    const { summary = {} } = answerOf(seedsResult(values.length, outcomes));
    const { interval, kind } = at.find(({ level }) => level === 0.95) ?? at[0];
    const told = summary.median_smallest_interpolating_width as { interval: number[]; by: string };
    expect(told.interval).toEqual(interval.map((value) => Math.round(1000 * value)));
    expect(told.by.startsWith("range")).toBe(kind === "range");
  }
});
