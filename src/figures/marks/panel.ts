// What every mark of a panel needs to know.

import type { Measure } from "../../analysis/bands.ts";
import type { Frame } from "../axes/axes.ts";
import type { Vertical } from "../axes/scales.ts";
import type { Series } from "../series.ts";

/** One plotting area: what is drawn there, and where its values lie. */
export interface Panel {
  readonly measure: Measure;
  readonly series: readonly Series[];
  readonly frame: Frame;
  readonly x: (pass: number) => number;
  readonly vertical: Vertical;
  /** How many each line has, and their area in px², where there is less room than elsewhere. */
  readonly markers?: { readonly most: number; readonly size: number };
}
