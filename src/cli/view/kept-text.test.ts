import { expect, test } from "vitest";
import { alignedLines } from "./columns.ts";
import { size } from "./kept-text.ts";

test("sizes have two digits, and columns are aligned", () => {
  expect([0, 999, 1000, 9940, 9960, 123_456, 999_600, 5e9].map(size)).toEqual([
    ...["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "123 kB", "1.0 MB", "5.0 GB"],
  ]);
  expect(
    alignedLines(
      [
        ["a", "b"],
        ["long", "12"],
      ],
      [1],
    ),
  ).toEqual(["a      b", "long  12"]);
});
