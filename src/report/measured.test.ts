import { describe, expect, test } from "vitest";
import { ensembleOutcomes } from "../../test/support/outcomes.ts";
import { seedsResult } from "../../test/support/results.ts";
import { file } from "../../test/support/reports.ts";
import { trajectoriesCsv } from "./trajectories.ts";

describe("what was measured", () => {
  const columns = new Map([
    [
      "margin",
      new Map([
        [0, 9],
        [2, -0.5],
      ]),
    ],
    ["dead_units_1", new Map([[2, NaN]])],
    ["distance_1", new Map<number, number>()],
  ]);
  const outcomes = ensembleOutcomes([8], 2, 2).map((one) => ({ ...one, measured: columns }));
  const result = seedsResult(2, outcomes);

  test("has columns of its own in trajectories.csv", () => {
    const lines = [...trajectoriesCsv(outcomes)].join("").split("\r\n");
    expect(lines[0]).toMatch(/,fingerprint,margin,dead_units_1,distance_1$/);
    expect(lines[1]).toMatch(/,9,,$/);
    expect(lines[3]).toMatch(/,-0.5,NaN,$/);
  });

  test("has a table of its own, and its last values in the summary", () => {
    const page = file(result, "report.md");
    expect(page).toContain("Measured at the last evaluation");
    expect(page).toMatch(/\| width +\| seed +\| margin +\| dead units 1 +\| distance 1 +\|/);
    expect(page).toContain("distance 1 |\n| ---: | ---: | ---: | ---: | ---: |\n");
    expect(page).toMatch(/\| +8 \| +1 \| +−0.500 \| +NaN \| +\|/);
    expect(JSON.parse(file(result, "summary.json"))).toMatchObject({
      measurements: {
        margin: { 8: [-0.5, -0.5] },
        dead_units_1: { 8: [null, null] },
        distance_1: { 8: [null, null] },
      },
    });
  });

  test("is told nothing of where nothing is measured", () => {
    const plain = seedsResult(2, ensembleOutcomes([8], 2, 2));
    expect(file(plain, "report.md")).not.toContain("Measured");
    expect(JSON.parse(file(plain, "summary.json"))).not.toHaveProperty("measurements");
  });
});
