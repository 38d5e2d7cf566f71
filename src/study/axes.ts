// What a study can sweep, by name: an axis says which values it takes and how one is put into a study.

import * as z from "zod";
import { distinct, integers, number } from "../base/fields.ts";
import type { Point } from "../records/point.ts";
import type { Study } from "./spec.ts";

type Value = number | string;

interface Axis {
  /** The rules of its list of values. */
  readonly values: z.ZodType<readonly Value[]>;
  /** Its value in a study that does not sweep it. */
  fixed(study: Study): Value;
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
  return Object.keys(AXES).reduce<Point["values"][]>(
    (found, axis) =>
      found.flatMap((values) =>
        axisValues(study, axis).map((value) => ({ ...values, [axis]: value })),
      ),
    [{}],
  );
}

/** The study at one of its points; axes that `wanted` leaves out have the first of their values. */
export function at(
  study: Study,
  wanted: Point["values"],
): { readonly study: Study; readonly values: Point["values"] } {
  const values = Object.fromEntries(
    Object.keys(AXES).map((axis) => {
      const known = axisValues(study, axis);
      return [axis, isSwept(study, axis) ? (wanted[axis] ?? known[0]) : known[0]];
    }),
  );
  const placed = Object.entries(AXES).reduce(
    (one, [name, axis]) => axis.put(one, values[name]),
    study,
  );
  return { study: placed, values };
}

function isSwept({ sweep }: Study, axis: string): boolean {
  return (sweep[axis] ?? []).length > 0;
}

function axisValues(study: Study, axis: string): readonly Value[] {
  return isSwept(study, axis) ? study.sweep[axis] : [AXES[axis].fixed(study)];
}
