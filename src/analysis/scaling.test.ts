// Exponents of coordinates in made-up networks whose preactivations are powers of the width.

import { expect, test } from "vitest";
import { outcome } from "../../test/support/outcomes.ts";
import type { Outcome } from "./outcome.ts";
import { coordinateScalings, verdictOf } from "./scaling.ts";

/** A network of one hidden layer, measured after passes 0 to 2. */
function measured(
  width: number,
  seed: number,
  of: (layer: number, pass: number) => number,
): Outcome {
  const column = (layer: number, factor: number) =>
    new Map([0, 1, 2].map((pass) => [pass, factor * of(layer, pass)]));
  const row = [1, 0.5, 1, 0.5] as const;
  return {
    ...outcome(width, [row, row, row], { seed }),
    measured: new Map([
      ["preactivation_1", column(1, 1)],
      ["preactivation_2", column(2, 1)],
      ["preactivation_change_1", column(1, 0.5)],
      ["preactivation_change_2", column(2, 0.5)],
    ]),
  };
}

const widths = [16, 64, 256];

test("exponents are those of the powers, layer by layer and pass by pass", () => {
  const outcomes = widths.flatMap((width) =>
    [0, 1].map((seed) =>
      measured(width, seed, (layer, pass) => (1 + seed) * (layer === 2 ? width ** (pass / 2) : 3)),
    ),
  );
  const all = coordinateScalings(outcomes, [1, 2]);
  expect(
    all.map(({ layer, isOutput, coordinate, pass }) => [layer, isOutput, coordinate, pass]),
  ).toEqual([
    ...[
      [1, false, "size", 1],
      [1, false, "size", 2],
      [1, false, "change", 1],
    ],
    ...[
      [1, false, "change", 2],
      [2, true, "size", 1],
      [2, true, "size", 2],
    ],
    ...[
      [2, true, "change", 1],
      [2, true, "change", 2],
    ],
  ]);
  const exponents = all.map(({ exponent }) => exponent?.value ?? NaN);
  [0, 0, 0, 0, 0.5, 1, 0.5, 1].forEach((wanted, at) => {
    expect(exponents[at]).toBeCloseTo(wanted, 12);
  });
  expect(all[6].points.map(({ width }) => width)).toEqual(widths);
  // Half of 4 and of 8: the change of two seeds after one pass.
  expect(all[6].points[0]).toMatchObject({ median: 3, range: [2, 4] });
  expect(all.every(({ line, key, lost }) => line === "" && key === "" && lost === 0)).toBe(true);
});

test("each seed has a line of its own, and the interval is Student's over their slopes", () => {
  // Seeds far apart at all widths alike, with exponents 0.25, 0.5 and 0.75.
  const outcomes = widths.flatMap((width) =>
    [0, 1, 2].map((seed) => measured(width, seed, () => 1000 ** seed * width ** ((1 + seed) / 4))),
  );
  const [{ exponent }] = coordinateScalings(outcomes, [1]);
  // Student's bound of two degrees of freedom at 95 %, by the table.
  const half = (4.302653 * 0.25) / Math.sqrt(3);
  expect(exponent?.value).toBeCloseTo(0.5, 12);
  expect(exponent?.interval?.low).toBeCloseTo(0.5 - half, 6);
  expect(exponent?.interval?.high).toBeCloseTo(0.5 + half, 6);
  expect(exponent?.seeds).toBe(3);
  // Of one seed, whatever its widths, there is none.
  const alone = coordinateScalings(outcomes.filter(({ point }) => point.seed === 1), [1]); // prettier-ignore
  expect(alone[0].exponent).toEqual({ value: expect.closeTo(0.5, 12) as number, interval: null, seeds: 1 }); // prettier-ignore
});

test("a seed without values at two widths has no line", () => {
  const outcomes = widths.flatMap((width) =>
    [0, 1, 2].map((seed) =>
      measured(width, seed, () => (seed === 2 && width > 16 ? NaN : width ** (seed / 2))),
    ),
  );
  const [{ exponent, lost }] = coordinateScalings(outcomes, [1]);
  expect([exponent?.value, exponent?.seeds, lost]).toEqual([expect.closeTo(0.25, 12), 2, 2]);
});

test("what is zero or not finite is left out and counted; of one width there is no exponent", () => {
  const outcomes = widths.map((width) =>
    measured(width, 0, (layer) => (layer === 1 ? 0 : width === 16 ? 2 : NaN)),
  );
  const [hidden, , output] = coordinateScalings(outcomes, [1]);
  expect([hidden.points, hidden.exponent, hidden.lost]).toEqual([[], null, 3]);
  expect([output.points.length, output.exponent, output.lost]).toEqual([1, null, 2]);
});

test("lines are what differs in width alone", () => {
  const at = (kind: string) =>
    widths.map((width): Outcome => {
      const one = measured(width, 0, () => width ** (kind === "mup" ? 0 : 0.5));
      return { ...one, point: { ...one.point, values: { width, "model.parametrization": kind } } };
    });
  const found = coordinateScalings([...at("mup"), ...at("ntk")], [2]);
  expect(
    found.map(({ line, layer, coordinate, exponent }) => [
      line,
      layer,
      coordinate,
      exponent?.value.toFixed(3),
    ]),
  ).toEqual(
    ["mup", "ntk"].flatMap((kind) =>
      [1, 2].flatMap((layer) =>
        ["size", "change"].map((coordinate) => [
          ...[`parametrization ${kind}`, layer, coordinate],
          kind === "mup" ? "0.000" : "0.500",
        ]),
      ),
    ),
  );
});

test.each([
  [0.11, 0.3, "grows"],
  [-0.3, -0.11, "shrinks"],
  [-0.1, 0.1, "stays"],
  [0.02, 0.08, "stays"],
  [0.1, 0.3, "open"],
  [-0.3, -0.1, "open"],
  [-0.2, 0.05, "open"],
] as const)("an exponent from %f to %f %s", (low, high, verdict) => {
  const exponent = { value: (low + high) / 2, interval: { low, high, level: 0.95 }, seeds: 2 };
  expect(verdictOf(exponent)).toBe(verdict);
});

test("nothing is said without an interval", () => {
  expect([verdictOf(null), verdictOf({ value: 0, interval: null, seeds: 1 })]).toEqual([
    "open",
    "open",
  ]);
});
