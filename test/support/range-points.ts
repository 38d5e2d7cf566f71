// Points of ranges, and of maps at every refinement: numbers that enter keys, which every engine must compute alike. Runs in
// Node and in browsers.

import { pointsOf, refinedPoints, type SpacedRange } from "../../src/study/axes/ranges.ts";

const SCALES = ["linear", "log"] as const;

/** From 1e-9 to 1e9, narrow and wide. */
const ENDS: readonly (readonly [from: number, to: number])[] = [
  ...[-9, -6, -3, 0, 3, 6].map(
    (power) => [Number(`1.2345e${power}`), Number(`9.8765e${power + 3}`)] as const,
  ),
  ...([
    [3000, 30000],
    [5334.83823012, 5334.83823019],
    [1e-9, 1e9],
    [0.1, 1],
  ] as const),
];

/** As their digits, so that no bit is lost on the way. */
export function rangePoints(): readonly string[] {
  return SCALES.flatMap((scale) =>
    ENDS.flatMap(([from, to]) => {
      const range: SpacedRange = { scale, from, to, points: 9 };
      const asked = [
        pointsOf({ ...range, points: 97 }, false),
        pointsOf({ ...range, points: 97 }, true),
        ...[0, 3, 6].map((refine) => refinedPoints(range, refine, false)),
      ];
      return asked.map((points) => points.map(String).join(" "));
    }),
  );
}
