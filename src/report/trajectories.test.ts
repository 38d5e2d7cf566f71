import { describe, expect, test } from "vitest";
import { ensembleOutcomes, homeworkOutcomes, outcome } from "../../test/support/outcomes.ts";
import { trajectoriesCsv } from "./trajectories.ts";

describe("trajectories.csv", () => {
  test("has one row per width, seed and pass, ending in CRLF", () => {
    const lines = [...trajectoriesCsv(ensembleOutcomes([8, 32], 2, 5))].join("").split("\r\n");
    expect(lines).toHaveLength(1 + 2 * 2 * 6 + 1);
    expect(lines.at(0)).toBe(
      "width,seed,pass,train_loss,train_accuracy,test_loss,test_accuracy,train_correct,test_correct,fingerprint",
    );
    expect(lines.at(-1)).toBe("");
    expect(lines.at(7)).toMatch(/^8,1,0,2.3025854,/);
  });

  test("leaves the seed empty under the notebook's streams, and writes every digit", () => {
    const csv = [...trajectoriesCsv(homeworkOutcomes().slice(0, 1))].join("");
    expect(csv.split("\r\n").at(2)).toMatch(
      /^8,,1,0\.6158198,0\.7705,0\.6768739,0\.7585,4623,7585,[0-9a-f]{64}$/,
    );
  });

  test("of no trials is its head", () => {
    const named = "width,seed,pass,train_loss,train_accuracy,test_loss,test_accuracy";
    expect([...trajectoriesCsv([])].join("")).toBe(
      `${named},train_correct,test_correct,fingerprint\r\n`,
    );
  });

  test("writes what is not finite as such", () => {
    const csv = [...trajectoriesCsv([outcome(8, [[NaN, 0.1, Infinity, 0.1]], { seed: 3 })])].join(
      "",
    );
    expect(csv.split("\r\n").at(1)).toMatch(/^8,3,0,NaN,0\.1,Infinity,0\.1,600,1000,/);
  });
});
