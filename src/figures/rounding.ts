// How far a number lies apart over seeds, and within seeds whose initial weights are moved by one unit in the last place:
// beside each other at each point.

import { axesText, varyingAxes } from "../analysis/points.ts";
import type { SpreadAt } from "../analysis/rounding.ts";
import { againstFigure, type AgainstLine } from "./against.ts";
import { PARTS } from "./axes/categories.ts";
import { headingOf } from "./series.ts";
import type { FigureSize } from "./size.ts";
import type { Figure } from "./svg.ts";

/** Seeds whose roundings are drawn; where points are many, one. */
const MOST_SEEDS = 3;
const MOST_POINTS = 6;

/** `name`: of the number; `perturbations` of each seed. */
export function roundingFigure(
  spreads: readonly SpreadAt[],
  { name, perturbations }: { readonly name: string; readonly perturbations: number },
  size: FigureSize = "paper",
): Figure {
  const axes = varyingAxes(spreads);
  const [axis] = axes;
  const place = (at: SpreadAt) =>
    axes.length > 1
      ? axes.map((one) => String(at.values[one])).join(PARTS)
      : String(at.values[axis] ?? at.width);
  const drawn = spreads.length > MOST_POINTS ? 1 : MOST_SEEDS;
  const line = (named: string, of: (at: SpreadAt) => SpreadAt["seeds"]): AgainstLine => ({
    name: named,
    points: spreads.map((at) => {
      const { median, range } = of(at);
      return { x: place(at), y: median, low: range[0], high: range[1] };
    }),
  });
  const { seeds, rounding } = spreads[0];
  const lost = spreads
    .filter(({ seeds: { median } }) => !Number.isFinite(median))
    .map((at) => (axes.length > 1 ? axesText(at, axes) : place(at)));
  return againstFigure(
    {
      name: "rounding-or-seed",
      title: `How far ${name} lie apart: seeds and rounding`,
      caption:
        `Medians (points) with all trials' ends (bars). ` +
        (seeds.n === 1 ? "" : `First of ${seeds.n} seeds, then within `) +
        `${seeds.n === 1 ? "The" : "each of the first"} ${Math.min(drawn, rounding.length)} ` +
        `trained ${perturbations + 1} times: once as it is, then with its initial weights moved by one unit in the last place.` +
        (lost.length === 0
          ? ""
          : ` Where half of the seeds or more have no finite number there is no median: ${lost.join(", ")}.`),
      x: {
        label: axes.map((one) => headingOf(one, axes)).join(PARTS),
        scale: "categories",
      },
      y: { label: name, scale: "linear" },
      lines: [
        ...(seeds.n === 1 ? [] : [line("seeds", (at) => at.seeds)]),
        ...rounding
          .slice(0, drawn)
          .map(({ seed }, index) =>
            line(
              seed === null ? "rounding" : `rounding of seed ${seed}`,
              (at) => at.rounding[index],
            ),
          ),
      ],
    },
    size,
  );
}
