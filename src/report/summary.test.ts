import { describe, expect, test } from "vitest";
import { ensembleOutcomes, outcome } from "../../test/support/outcomes.ts";
import { PROVENANCE, found, homeworkResult, seedsResult } from "../../test/support/results.ts";
import { file, textOf, type Summary } from "../../test/support/reports.ts";
import { summarize } from "./summary.ts";

describe("summary.json", () => {
  test("of a single run has one value by width", () => {
    const summary = JSON.parse(file(homeworkResult(), "summary.json")) as Summary;
    expect(summary).toMatchObject({
      study: "homework",
      eta_star: 0.01,
      learning_rate: 0.005,
      smallest_interpolating_width: 32,
      passes_to_interpolation: { 8: null, 16: null, 32: 55, 128: 41, 512: 37 },
      seeds: null,
      seconds: PROVENANCE.seconds,
      versions: PROVENANCE.versions,
      fingerprint: "5eed".repeat(16),
    });
    expect(summary.final["8"]).toEqual({
      pass: 100,
      train_loss: 0.1136761,
      train_accuracy: 5723 / 6000,
      test_loss: 1.9221467,
      test_accuracy: 0.7879,
      diverged: null,
    });
    expect(summary.fingerprints["512"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("of several seeds has arrays in their order", () => {
    const summary = summarize(found(seedsResult(10)), PROVENANCE) as Summary;
    expect(summary.seeds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const passes = summary.passes_to_interpolation["32"] as (number | null)[];
    expect(passes).toHaveLength(10);
    expect(passes[3]).toBeNull();
    expect(passes.filter((value) => value === null)).toHaveLength(1);
    expect(summary.final["8"]).toHaveLength(10);
  });

  test("of several seeds has shares and medians with their intervals, and no such field of one", () => {
    const outcomes = ensembleOutcomes([8, 32], 10);
    const diverged = outcomes.map((one, place) =>
      place === 19
        ? {
            ...one,
            record: { ...one.record, ending: { kind: "diverged", pass: 101, step: 1 } } as const,
          }
        : one,
    );
    const summary = JSON.parse(file(seedsResult(10, diverged), "summary.json")) as object;
    const by = "95 % interval between order statistics of 10 seeds";
    expect(summary).toMatchObject({
      interpolating_share: {
        8: {
          value: 0,
          interval: [0, expect.closeTo(0.2775, 3)],
          by: "Wilson's 95 % interval of 10 seeds",
        },
        32: { value: 0.9 },
      },
      median_passes_to_interpolation: {
        8: { value: null, interval: [null, null], by },
        32: { value: 44.5, interval: [38, 49], by },
      },
      final_median: {
        32: { train_loss: { interval: [expect.any(Number), expect.any(Number)], by } },
      },
    });
    const one = JSON.parse(file(homeworkResult(), "summary.json")) as object;
    for (const field of ["interpolating_share", "median_passes_to_interpolation", "final_median"])
      expect(one).not.toHaveProperty(field);
  });

  test("of a search for widths has the seeds that any width had", () => {
    const { outcomes, ...result } = seedsResult(3, ensembleOutcomes([8, 16], 11, 2).reverse());
    const study = { ...result.study, sweep: { width: [] } };
    const answered = { ...found({ ...result, outcomes }), result: { ...result, outcomes, study } };
    expect(summarize(answered, PROVENANCE).seeds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("of a question that tells nothing has the rest", () => {
    const answered = found(homeworkResult());
    const { study, fingerprint } = summarize(
      { ...answered, answers: new Map([["silent", {}]]) },
      PROVENANCE,
    );
    expect([study, fingerprint]).toEqual(["homework", "5eed".repeat(16)]);
  });

  test("of more than 2000 trials has the beginnings of fingerprints, unless widths were searched", () => {
    const all = ensembleOutcomes([8], 2001, 1);
    const told = (outcomes: typeof all, width: readonly number[]) => {
      const result = seedsResult(outcomes.length, outcomes);
      const study = { ...result.study, sweep: { width } };
      return summarize({ ...found(result), result: { ...result, study } }, PROVENANCE).fingerprints;
    };
    expect(told(all, [8])).toBe(all.map(({ record }) => record.fingerprint.slice(0, 16)).join(""));
    for (const fingerprints of [told(all.slice(1), [8]), told(all, [])])
      expect(fingerprints).toMatchObject({ 8: expect.any(Array) as string[] });
  });

  test("has null for what is not finite, and where a trial diverged", () => {
    const diverged = outcome(32, [[NaN, 0.1, Infinity, 0.1]], {
      ending: { kind: "diverged", pass: 1, step: 812 },
    });
    const narrow = outcome(8, [[2.3, 0.1, 2.3, 0.1]]);
    const result = { ...homeworkResult([narrow, diverged]), search: null };
    const summary = JSON.parse(file(result, "summary.json")) as Summary;
    expect(summary.eta_star).toBeNull();
    expect(summary.smallest_interpolating_width).toBeNull();
    expect(summary.final["32"]).toEqual({
      pass: 0,
      train_loss: null,
      train_accuracy: 0.1,
      test_loss: null,
      test_accuracy: 0.1,
      diverged: { pass: 1, step: 812 },
    });
    const html = textOf(file(result, "report.html"));
    expect(html).toContain(
      "Width 32 diverged: its objective was no longer finite at step 812 of pass 1.",
    );
    expect(html).toContain("No width interpolates within 100 passes.");
    expect(html).toContain("stand behind “no width interpolates”");
  });
});
