// The range over the seeds of each point: a band along its line or, where so many bands would bury each
// other, a bar at each of its markers; of many lines the medians alone.

import { area } from "d3-shape";

import type { BandPoint } from "../../analysis/bands.ts";
import { element } from "../svg.ts";
import { isDrawable, markerPoints, MOST_MARKED } from "./marker-points.ts";
import type { Panel } from "./panel.ts";
import type { Series } from "../series.ts";

/** More bands than these, and none can be told from the others. */
export const MOST_BANDS = 6;

export function drawRanges(panel: Panel): string[] {
  if (panel.series.length > MOST_MARKED) return [];
  const ranged = panel.series.filter(({ band }) => band.trials > 1).reverse();
  return panel.series.length > MOST_BANDS
    ? ranged.flatMap((one) => drawBars(one, panel))
    : ranged.map((one) => drawBand(one, panel));
}

function drawBand({ band, style, index }: Series, panel: Panel): string {
  const { measure, x, vertical } = panel;
  const range = area<BandPoint>()
    .digits(2)
    .defined(isDrawable(measure))
    .x((point) => x(point.pass))
    .y0((point) => vertical.y(point[measure].minimum, index))
    .y1((point) => vertical.y(point[measure].maximum, index));
  return element("path", { d: range(band.points) ?? "", fill: style.color, opacity: 0.16 });
}

/** Markers of different lines stand at different passes, so the bars lie beside each other. */
function drawBars(one: Series, panel: Panel): string[] {
  const { measure, x, vertical } = panel;
  return markerPoints(one, panel).map((point) => {
    const at = x(point.pass).toFixed(1);
    const low = vertical.y(point[measure].minimum, one.index).toFixed(1);
    const high = vertical.y(point[measure].maximum, one.index).toFixed(1);
    return element("path", {
      d: `M${at} ${low}V${high}m-2 0h4M${at} ${low}m-2 0h4`,
      fill: "none",
      stroke: one.style.color,
    });
  });
}
