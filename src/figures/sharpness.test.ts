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

test("trials that rules stopped keep their last value, and that is told", () => {
  const [short, long] = EDGES[0].paths;
  const rows = short.rows.slice(0, 5);
  const [last] = rows.slice(-1);
  const rest = short.rows.slice(5).map((row) => ({ ...row, sharpness: last.sharpness }));
  const of = (path: typeof short & { stopped?: true }) =>
    sharpnessFigure([{ ...EDGES[0], paths: [path, long] }], "2/η");
  const stopped = of({ ...short, rows, stopped: true });
  const lasting = of({ ...short, rows: [...rows, ...rest] });
  const shapes = ({ svg }: typeof stopped) => svg.match(/ d="[^"]*"/g);
  expect(shapes(stopped)).toEqual(shapes(lasting));
  expect(stopped.caption).toContain("A trial that the study's rules stopped keeps its last value.");
  expect(lasting.caption).not.toContain("stopped");
  const alone = { ...EDGES[0], paths: [{ ...short, rows, stopped: true as const }] };
  expect(sharpnessFigure([alone], "2/η").caption).not.toContain("stopped");
});
