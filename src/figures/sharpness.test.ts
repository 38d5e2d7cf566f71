import { expect, test } from "vitest";
import { EDGES } from "../../test/support/figures.ts";
import { sharpnessFigure } from "./sharpness.ts";

test("sharpness that grows without bound leaves the room to the others, and is told", () => {
  const [first] = EDGES[0].paths;
  const row = { ...first.rows[0], pass: 1e3, sharpness: 1e9 };
  const wild = { name: "wild", paths: [{ ...first, rows: [...first.rows, row] }] };
  const { svg, caption } = sharpnessFigure([...EDGES, wild], "2/η");
  expect(caption).toMatch(
    /What lies beyond \d+(\.\d+)?, as where training diverges, is left out\./,
  );
  expect(svg).not.toContain("10⁹");
  expect(sharpnessFigure(EDGES, "2/η").caption).not.toContain("left out");
});
