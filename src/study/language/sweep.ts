// The rules of a sweep: which axes there are, their values as lists or ranges, and whether the study's own rules take
// these, alone and together.

import * as z from "zod";
import {
  chosen,
  expected,
  integers,
  isMapping,
  list,
  number,
  object,
  oneOf,
} from "../../base/fields.ts";
import { nearest } from "../../base/nearest.ts";
import { pathText } from "../../base/yaml.ts";
import { pointText } from "../../records/point.ts";
import {
  axesOf,
  bySection,
  combinations,
  pointCount,
  resolvedAt,
  ruled,
  shown,
  shownValues,
  unswept,
  type Combination,
  type Placements,
} from "../axes/axes.ts";
import { found, overlap, placed, stepsOf, type Steps } from "../axes/paths.ts";
import { askedPoints, MAP_DIGITS, mapRange, pointsOf, type Range } from "../axes/ranges.ts";
import type { AxisValue, SectionName, Study } from "../spec.ts";
import type { Refuse } from "./contradictions.ts";
import { examplesOf, factsOf, isInteger, isSection, withSection } from "./sections.ts";
import { width, widths } from "./width.ts";

/** Of a study without its seeds. */
const MAX_POINTS = 10_000;

const end = number("a number", {});
const rangeOfPoints = object({
  from: end,
  to: end,
  points: number(`an integer from 2 to ${MAX_POINTS}`, integers(2, MAX_POINTS)).optional(),
  scale: oneOf(["linear", "log", "log2"]).default("linear"),
})
  .superRefine(({ from, to, points, scale }, context) => {
    const refuse = (key: string, message: string) => {
      context.addIssue({ code: "custom", path: [key], message });
    };
    if (from >= to) refuse("to", `expected a number above ${from}, got ${to}`);
    if (scale !== "linear" && from <= 0)
      refuse("from", `expected a number above 0 on a ${scale} scale, got ${from}`);
    if (scale === "log2" && points !== undefined)
      refuse("points", "a log2 scale has every power of two; leave points out");
    if (scale !== "log2" && points === undefined)
      refuse("points", `missing; expected an integer from 2 to ${MAX_POINTS}`);
    if (
      scale === "log2" &&
      from > 0 &&
      from < to &&
      pointsOf({ scale, from, to }, false).length === 0
    )
      refuse("to", `expected a power of two from ${from} to ${to}, of which there is none`);
  })
  .transform((range) => range as Range);

/** What stands for numbers that are not written out. */
export type Written = readonly AxisValue[] | Range;

const VALUES = "a list of values, or a range {from, to, points, scale}";
const anything = z.unknown().refine((value) => value !== null && value !== undefined, {
  error: "expected a value, got nothing",
});
const values = list(VALUES, anything as z.ZodType<AxisValue>)
  .min(1, { error: `expected ${VALUES}, got an empty list`, abort: true })
  .max(MAX_POINTS, { error: `expected at most ${MAX_POINTS} values` })
  .superRefine((values, context) => {
    const names = values.map((value) => String(shown(value)));
    const repeated = names.findIndex((name, index) => names.indexOf(name) < index);
    if (repeated < 0) return;
    const message = `expected distinct values, got ${names[repeated]} twice`;
    context.addIssue({ code: "custom", path: [repeated], message });
  });
const either = (items: z.ZodType<readonly AxisValue[]>) =>
  chosen<Written>([items, rangeOfPoints], (input) => (isMapping(input) ? rangeOfPoints : items));

const axisValues = either(values);
const widthValues = either(widths);

const sweepFields = z
  .object({
    width: widthValues.optional(),
    zip: list(
      "a list of lists of axes",
      list("a list of axes", z.string({ error: expected("an axis") })),
    ).optional(),
  })
  .catchall(axisValues);

/** Numbers and messages with the places that they are of. */
export const sweep = sweepFields.transform(expanded(false));
/** That of a map, which goes on from its ranges. */
export const mapSweep = sweepFields.transform(expanded(true));

function expanded(isMap: boolean) {
  return (written: z.output<typeof sweepFields>, context: z.RefinementCtx): Study["sweep"] => {
    const { width: widthsWritten, zip = [], ...others } = written;
    const paths = Object.keys(others).sort();
    let isRefused = false;
    const refuse: Refuse = (path, message) => {
      isRefused = true;
      context.addIssue({ code: "custom", path: [...path], message });
    };
    for (const path of paths) {
      const message = refusalOfPath(path, paths);
      if (message === null) continue;
      isRefused = true;
      context.addIssue({ code: "unrecognized_keys", keys: [path], input: written, message });
    }
    const mapped = (axis: string, values: Written) =>
      numbers(axis, isMap && "scale" in values ? mapRange(values) : values, isMap, refuse);
    const width = mapped("width", widthsWritten ?? []);
    const expanded = isRefused
      ? {}
      : Object.fromEntries(paths.map((path) => [path, mapped(path, others[path])]));
    const ranges = Object.entries({ width: widthsWritten ?? [], ...others }).flatMap(
      ([axis, values]) => (isMap && "scale" in values ? [[axis, mapRange(values)] as const] : []),
    );
    const sweep: Study["sweep"] = {
      width: width as number[],
      ...(paths.length > 0 && { paths: expanded }),
      ...(zip.length > 0 && { zip: zip.map((group) => [...group].sort()).sort() }),
      ...(ranges.length > 0 && { ranges: Object.fromEntries(ranges) }),
    };
    if (!isRefused) refuseZip(sweep, zip, refuse);
    if (!isRefused) refuseMany(sweep, refuse);
    return isRefused ? z.NEVER : sweep;
  };
}

/** What cannot be swept, and why. */
const UNSWEPT: readonly (readonly [path: string, reason: string])[] = [
  ["name", "it is one for the whole study"],
  ["question", "it is one for the whole study"],
  ["ask", "it is one for the whole study"],
  ["streams", "every point is trained with all seeds of streams.seeds"],
  ["search", "the learning rate is searched in one way"],
  ["sweep", "it is the sweep itself"],
  ["training.passes", "what fewer passes do is in the trajectory of more"],
];

/** null where it is one that can be swept. */
function refusalOfPath(path: string, paths: readonly string[]): string | null {
  const steps = stepsOf(path) ?? [];
  const reason = UNSWEPT.find(([unswept]) => path === unswept || path.startsWith(`${unswept}.`));
  if (reason !== undefined) return `this cannot be swept: ${reason[1]}`;
  const [section, ...inner] = steps;
  if (!isSection(section)) {
    const near = nearest(path, ["width", "zip"]);
    return `no path of a study; ${near === null ? "known here are width, zip, and paths such as training.learning_rate" : `did you mean ${near}?`}`;
  }
  const { isKnown, siblings } = factsOf(steps);
  if (inner.length === 0)
    return `this is a whole section; name one of its values, such as ${path}.${siblings[0]}`;
  if (!isKnown) {
    const near = nearest(String(inner.at(-1)), siblings);
    const sections =
      section === "dataset"
        ? "; a study has one data set, of which no other value can be swept"
        : "";
    return `no path of a study that can be swept; ${near === null ? `known here are ${siblings.join(", ")}${sections}` : `did you mean ${near}?`}`;
  }
  const other = paths.find((one) => one !== path && overlap(stepsOf(one) ?? [], steps));
  return other === undefined
    ? null
    : `${other} is swept, too, which is of the same place; sweep one of them`;
}

/** The values that are written out, or those of a range. */
function numbers(
  axis: string,
  written: Written,
  isMap: boolean,
  refuse: Refuse,
): readonly AxisValue[] {
  if (!("scale" in written)) return written;
  const points = pointsOf(written, isInteger(axis), isMap ? MAP_DIGITS : undefined);
  const beyond =
    axis === "width" ? points.find((point) => !width.safeParse(point).success) : undefined;
  if (beyond !== undefined) {
    const [{ message }] = width.safeParse(beyond).error?.issues ?? [];
    refuse([axis], `its point ${beyond}: ${message}`);
  }
  return points;
}

function refuseZip(
  sweep: Study["sweep"],
  zip: readonly (readonly string[])[],
  refuse: Refuse,
): void {
  const lengths = new Map(axesOf({ sweep }).map(([axis, { length }]) => [axis, length]));
  zip.forEach((group, place) => {
    const at = ["zip", place];
    const missing = group.findIndex((axis) => !lengths.has(axis));
    const again = group.findIndex(
      (axis, index) => zip.slice(0, place).flat().includes(axis) || group.indexOf(axis) < index,
    );
    if (group.length < 2) refuse(at, "expected at least two axes to join");
    else if (missing >= 0)
      refuse(
        [...at, missing],
        `expected one of the axes ${[...lengths.keys()].join(", ")}, got ${group[missing]}`,
      );
    else if (again >= 0)
      refuse([...at, again], `${group[again]} is joined already; name each axis once`);
    else if (new Set(group.map((axis) => lengths.get(axis))).size > 1)
      refuse(
        at,
        `expected axes with as many values each, got ${group.map((axis) => `${axis} with ${lengths.get(axis)}`).join(", ")}`,
      );
  });
}

function refuseMany(sweep: Study["sweep"], refuse: Refuse): void {
  const count = pointCount({ sweep });
  if (count > MAX_POINTS)
    refuse(
      [],
      `expected at most ${MAX_POINTS} points, got ${count}; sweep fewer values, or join axes with zip`,
    );
}

/**
 * A study as it is written, with the first value of each path in its place. `refuse` is told of values that their
 * section's rules do not take.
 */
export function withFirstValues(
  written: Readonly<Record<string, unknown>>,
  sweep: Study["sweep"],
  refuse: Refuse,
): Readonly<Record<string, unknown>> {
  const axes = Object.entries(sweep.paths ?? {});
  const filled = axes.reduce<unknown>(
    (study, [path, [first]]) => placed(study, stepsOf(path) ?? [], first) ?? study,
    written,
  ) as Readonly<Record<string, unknown>>;
  for (const [path, values] of axes) {
    const steps = stepsOf(path) ?? [];
    // An entry of a list has its place there.
    if (typeof steps.at(-1) === "string" && found(written, steps) !== undefined)
      refuse(steps, "this is swept; leave it out here, or out of sweep");
    const isList = Array.isArray(found(written, ["sweep", path]));
    values.forEach((value, index) => {
      const refusal = refusalOf(filled, steps, value);
      if (refusal === null) return;
      const point = isList ? "" : `its point ${shown(value)}: `;
      refuse(["sweep", path, ...(isList ? [index, ...refusal.path] : [])], point + refusal.message);
    });
  }
  return filled;
}

/** What a section's rules say of one value; what they say of the rest of the section is not told. */
function refusalOf(
  study: Readonly<Record<string, unknown>>,
  [section, ...steps]: Steps,
  value: AxisValue,
): { readonly path: readonly PropertyKey[]; readonly message: string } | null {
  if (!isSection(section)) return null;
  const result = ruled(section, writtenSection(study, section), [[steps, value]]);
  if ("section" in result) return null;
  for (const { path, message } of result.issues) {
    const [, ...inner] = path;
    if (steps.every((step, i) => step === inner[i]))
      return { path: inner.slice(steps.length), message };
    // Of the mapping that the value lies in.
    if (inner[0] === steps[0]) return { path: [], message: `${pathText(path)}: ${message}` };
  }
  return null;
}

function writtenSection(study: Readonly<Record<string, unknown>>, name: SectionName): unknown {
  const { [name]: section } = study;
  return name === "dataset" && isMapping(section) ? examplesOf(section) : section;
}

/**
 * A study that sweeps paths, with the sections that have to be told as they are `written`. `refuse` is told of the first
 * point that the study's rules do not allow, those of `contradict` among them.
 */
export function withCheckedPoints(
  study: Study,
  written: Readonly<Record<string, unknown>>,
  contradict: (point: Study, refuse: Refuse) => void,
  refuse: Refuse,
): Study {
  const { paths } = study.sweep;
  if (paths === undefined) return study;
  const [first] = Object.keys(paths);
  const points = combinations({ sweep: { ...study.sweep, width: [] } });
  const faithful = withFaithfulSections(study, written, points);
  for (const point of points) {
    const axis = point.findLast(([path, value]) => value !== paths[path][0])?.[0] ?? first;
    const where = pointText({ values: shownValues(point), seed: null });
    let refused = 0;
    const refuseHere: Refuse = (path, message) => {
      refused++;
      refuse(["sweep", axis], `with ${where}: ${pathText(path)}: ${message}`);
    };
    const resolved = resolvedAt(faithful, point);
    if (!("study" in resolved)) refuseHere(resolved.issues[0].path, resolved.issues[0].message);
    else if (
      "training.learning_rate" in paths &&
      resolved.study.training.learning_rate === "eta_star / 2"
    )
      refuse(
        ["sweep", "training.learning_rate"],
        "a rate that is swept is a number; to search one at each point, write training.learning_rate: eta_star / 2",
      );
    else if (typeof resolved.study.model.init === "object" && axis.startsWith("model."))
      refuseHere(["model", "init"], "a file's weights go with one model; sweep no values of model");
    else contradict(resolved.study, refuseHere);
    if (refused > 0) break;
  }
  return faithful;
}

/**
 * A resolved section lacks what decides nothing at the first point: a mapping whose values are all defaults there, an
 * activation without hidden layers. Where its other points cannot be made of it, it is told as it is written.
 */
function withFaithfulSections(
  study: Study,
  written: Readonly<Record<string, unknown>>,
  points: readonly Combination[],
): Study {
  const places = new Map<SectionName, Map<string, Placements>>();
  for (const [name, values] of points.flatMap(bySection)) {
    const known = places.get(name) ?? new Map<string, Placements>();
    places.set(name, known.set(JSON.stringify(values), values));
  }
  const within = [...places].flatMap(([name, known]) => {
    const whole = (writtenSection(written, name) ?? {}) as Readonly<Record<string, unknown>>;
    const resolved = unswept(study, name);
    const keys = [...known.values()].flatMap((values) => values.map(([[key]]) => key));
    const parents = Object.entries(whole).filter(([key]) => keys.includes(key));
    const resolvedWith = (base: unknown, values: Placements) => {
      const result = ruled(name, base, values);
      return JSON.stringify(
        "section" in result ? withSection(study, name, result.section) : result,
      );
    };
    const isFaithful = (base: unknown) =>
      [...known.values()].every(
        (values) => resolvedWith(base, values) === resolvedWith(whole, values),
      );
    const forms = [resolved, { ...resolved, ...Object.fromEntries(parents) }];
    const base = forms.find(isFaithful) ?? whole;
    return base === resolved ? [] : [[name, base] as const];
  });
  if (within.length === 0) return study;
  return {
    ...study,
    sweep: { ...study.sweep, within: Object.fromEntries(within) },
  };
}

/** What to tell of ranges of which points coincide on integers: one sentence for each. */
export function mergedPoints(written: unknown): string[] {
  const axes = isMapping(written) && isMapping(written.sweep) ? Object.entries(written.sweep) : [];
  return axes.flatMap(([axis, range]) => {
    const result = rangeOfPoints.safeParse(range);
    if (!result.success) return [];
    const asked = askedPoints(result.data);
    const { length } = pointsOf(result.data, isInteger(axis));
    return length === asked
      ? []
      : [`sweep.${axis}: of ${asked} points ${length} differ as integers, and are swept once each`];
  });
}
