// Which points of very many a figure draws.

import type { Outcome } from "../analysis/outcome.ts";
import { groupPoints } from "../analysis/points.ts";
import { count } from "../base/numbers.ts";

/** The outcomes of at most so many points, at even distances in their order, and a caption's sentence of that. */
export function drawnOutcomes(
  outcomes: readonly Outcome[],
  most: number,
): { readonly outcomes: readonly Outcome[]; readonly caption: readonly string[] } {
  const points = groupPoints(outcomes);
  if (points.length <= most) return { outcomes, caption: [] };
  const drawn = Array.from(
    { length: most },
    (_, index) => points[Math.round((index * (points.length - 1)) / (most - 1))],
  );
  return {
    outcomes: drawn.flatMap(({ trials }) => trials),
    caption: [
      `Of ${count(points.length)} points ${most} are drawn, at even distances in their order; trajectories.csv has all of them.`,
    ],
  };
}
