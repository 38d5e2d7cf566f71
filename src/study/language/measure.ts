// The rules of what a study has measured.

import { chosen, integers, list, number, object, oneOf } from "../../base/fields.ts";
import {
  MEASUREMENTS,
  nameOf,
  type MeasurementChoice,
  type MeasurementName,
} from "../../measurements/table.ts";

const NAMES = Object.keys(MEASUREMENTS) as MeasurementName[];

const name = oneOf(NAMES);
const sharpness = object({
  sharpness: object({ examples: number("a positive integer", integers(1, 999_999_999)) }),
});

/** At least one, each once. */
export const measure = list(
  "a list of measurements",
  chosen<MeasurementChoice>([name, sharpness], (input) =>
    typeof input === "string" ? name : sharpness,
  ),
)
  .min(1, { error: "expected at least one measurement, got an empty list" })
  .superRefine((choices, context) => {
    const names = choices.map(nameOf);
    const repeated = names.findIndex((one, index) => names.indexOf(one) < index);
    if (repeated < 0) return;
    const message = `expected each measurement once, got ${names[repeated]} twice`;
    context.addIssue({ code: "custom", path: [repeated], message });
  });
