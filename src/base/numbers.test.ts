import { describe, expect, test } from "vitest";
import { accuracyPercent, duration, enumerate, runs, threeDigits } from "./numbers.ts";

describe("numbers", () => {
  test("keep three digits over all sizes", () => {
    const written = [2.3025854, 0.0012345, 0.00012345, 0.99999, 12345, 0, NaN, -Infinity, 150].map(
      threeDigits,
    );
    expect(written).toEqual([
      "2.30",
      "0.00123",
      "1.23 × 10⁻⁴",
      "1.00",
      "1.23 × 10⁴",
      "0",
      "NaN",
      "−∞",
      "150",
    ]);
    expect([6320.4, 999.7, 999.4].map(threeDigits)).toEqual(["6320", "1000", "999"]);
  });

  test("say 100% only if nothing is missed, and 0.00% only if everything is", () => {
    const score = { objective: 0, examples: 60000 };
    expect(accuracyPercent({ ...score, correct: 60000 })).toBe("100%");
    expect(accuracyPercent({ ...score, correct: 59999 })).toBe("99.99%");
    expect(accuracyPercent({ ...score, correct: 46890 })).toBe("78.15%");
    expect(accuracyPercent({ ...score, correct: 1 })).toBe("0.01%");
    expect(accuracyPercent({ ...score, correct: 0 })).toBe("0.00%");
  });

  test("read as a person would say them", () => {
    expect(enumerate([8, 16, 32])).toBe("8, 16 and 32");
    expect(runs([38, 40, 41, 42, 50])).toBe("38, 40–42, 50");
    expect(duration(0.345)).toBe("0.34 s");
    expect(duration(119.7)).toBe("2 min 0 s");
  });
});
