// What a study can sweep, by name: an axis says which values it takes and how one is put into a study.

import * as z from "zod";
import { distinct, integers, number } from "../base/fields.ts";
import type { Point } from "../records/point.ts";
import type { Study } from "./spec.ts";

type Value = number | string;

interface Axis {
  /** The rules of its list of values. */
  readonly values: z.ZodType<readonly Value[]>;
  /** Its value in a study that does not sweep it; left out, such a study's points have none. */
  readonly fixed?: (study: Study) => Value;
  /** The study with `value` in its place. */
  put(study: Study, value: Value): Study;
}

/** A wider layer than this is no question for batch-size-1 SGD, and its weights would not fit in memory. */
const MAX_WIDTH = 65536;

export const WIDTH_RULE = `a positive integer up to ${MAX_WIDTH}`;
export const width = number(WIDTH_RULE, integers(1, MAX_WIDTH));

/** Distinct widths, at least one. */
export const widths = distinct("widths", width);

export const AXES: Readonly<Record<string, Axis>> = {
  width: {
    values: widths,
    fixed: ({ model }) => model.hidden.at(0) ?? 0,
    put({ model, ...study }, value: number) {
      const hidden = model.hidden.map((layer) => (layer === "width" ? value : layer));
      return { ...study, model: { ...model, hidden } };
    },
  },
};

/** The values of all axes, in every combination that the study sweeps: the last axis turns fastest. */
export function sweptValues(study: Study): Point["values"][] {
  return axesOf(study).reduce<Point["values"][]>(
    (found, [axis, known]) =>
      found.flatMap((values) => known.map((value) => ({ ...values, [axis]: value }))),
    [{}],
  );
}

/** The study at one of its points; axes that `wanted` leaves out have the first of their values. */
export function at(
  study: Study,
  wanted: Point["values"],
): { readonly study: Study; readonly values: Point["values"] } {
  const values = Object.fromEntries(
    axesOf(study).map(([axis, known]) => [
      axis,
      isSwept(study, axis) ? (wanted[axis] ?? known[0]) : known[0],
    ]),
  );
  const placed = Object.entries(values).reduce(
    (one, [axis, value]) => AXES[axis].put(one, value),
    study,
  );
  return { study: placed, values };
}

function isSwept({ sweep }: Study, axis: string): boolean {
  return (sweep[axis] ?? []).length > 0;
}

/** The axes that a study's points have, each with its values. */
function axesOf(study: Study): [axis: string, values: readonly Value[]][] {
  return Object.entries(AXES).flatMap(([axis, { fixed }]) => {
    const { [axis]: swept = [] } = study.sweep;
    const known = swept.length === 0 && fixed ? [fixed(study)] : swept;
    return known.length === 0 ? [] : [[axis, known]];
  });
}
