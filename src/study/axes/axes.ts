// What a study sweeps: the width that "width" stands for in its layers, and any paths of it, each with its values. A
// value is put in its place by the rules that the study's file obeys.

import { remembered } from "../../base/remembered.ts";
import { isMapping } from "../../base/fields.ts";
import { pathText } from "../../base/yaml.ts";
import type { Point } from "../../records/point.ts";
import { examplesOf, SECTIONS, withSection } from "../language/sections.ts";
import type { AxisValue, SectionName, Study } from "../spec.ts";
import { placed, stepsOf, type Steps } from "./paths.ts";

/** The axes of a study in the order in which its points turn, the last one fastest: the width, and paths by name. */
export function axesOf({
  sweep: { width, paths = {} },
}: Swept): [axis: string, values: readonly AxisValue[]][] {
  return Object.entries({ ...(width.length > 0 && { width }), ...paths });
}

type Swept = Pick<Study, "sweep">;

/** Whether one of its questions finds the widths itself, with as many seeds as it takes. */
export function searchesWidth({ sweep, model }: Pick<Study, "sweep" | "model">): boolean {
  return sweep.width.length === 0 && model.hidden.includes("width");
}

/** How a point shows a value: numbers as they are, what is no word as YAML writes it in a line. */
export function shown(value: AxisValue): number | string {
  return typeof value === "number" ? value : inLine(value);
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(", ")}]`;
  if (!isMapping(value)) return String(value);
  const entries = Object.entries(value).map(([key, one]) => `${key}: ${inLine(one)}`);
  return `{${entries.join(", ")}}`;
}

/** How many points a study has, before they are made: axes that are zipped count once. */
export function pointCount(study: Swept): number {
  return unitsOf(study).reduce((product, [[, values]]) => product * values.length, 1);
}

type Unit = readonly [axis: string, values: readonly AxisValue[]][];

/** Axes that turn together, at the place of the first of them. */
function unitsOf(study: Swept): Unit[] {
  const axes = axesOf(study);
  const { zip = [] } = study.sweep;
  return axes.flatMap(([axis, values]) => {
    const group = zip.find((names) => names.includes(axis));
    if (group === undefined) return [[[axis, values]] as Unit];
    const joined = axes.filter(([name]) => group.includes(name));
    return joined[0][0] === axis ? [joined] : [];
  });
}

/** A value of each axis. */
export type Combination = readonly (readonly [axis: string, value: AxisValue])[];

/** In the order of the study's points. */
export function combinations(study: Swept): Combination[] {
  return unitsOf(study).reduce<Combination[]>(
    (found, unit) =>
      found.flatMap((values) =>
        unit[0][1].map((_, turn) => [
          ...values,
          ...unit.map(([axis, known]) => [axis, known[turn]] as const),
        ]),
      ),
    [[]],
  );
}

/** The values of all axes at each of the study's points. */
export function sweptValues(study: Study): Point["values"][] {
  return combinations(study).map((values) => at(study, shownValues(values)).values);
}

export function shownValues(values: Combination): Point["values"] {
  return Object.fromEntries(values.map(([axis, value]) => [axis, shown(value)]));
}

/** The study at one of its points, which sweeps no paths there; axes that `wanted` leaves out have the first of their values. */
export function at(
  study: Study,
  wanted: Point["values"],
): { readonly study: Study; readonly values: Point["values"] } {
  const { width } = study.sweep;
  const chosen = [...valuesByName(study)].map(([path, known]): [string, AxisValue] => {
    const [first] = known.values();
    return [path, known.get(wanted[path]) ?? first];
  });
  const resolved = resolvedAt(study, chosen);
  if (!("study" in resolved))
    throw new Error(`a study's values were not checked: ${resolved.issues[0].message}`);
  const { model, ...rest } = resolved.study;
  const { width: wantedWidth = width.at(0) ?? study.search.width } = wanted;
  const isFree = width.length > 0 || searchesWidth(study);
  const swept = Number(isFree ? wantedWidth : (model.hidden.at(0) ?? 0));
  const hidden = model.hidden.map((layer) => (layer === "width" ? swept : layer));
  return {
    study: { ...rest, model: { ...model, hidden } },
    values: {
      width: swept,
      ...shownValues(chosen),
    },
  };
}

/** Of each path its values by how they are shown. */
const valuesByName = remembered(
  ({ sweep: { paths = {} } }: Study) =>
    new Map(
      Object.entries(paths).map(([path, values]) => [
        path,
        new Map(values.map((value) => [shown(value), value])),
      ]),
    ),
);

/** What a section's rules say against a value. */
export interface Refusal {
  readonly issues: readonly {
    /** In the study. */
    readonly path: readonly PropertyKey[];
    readonly message: string;
  }[];
}

/** The study with these values at its swept paths, or what the rules of their sections say against them. */
export function resolvedAt(study: Study, values: Combination): { readonly study: Study } | Refusal {
  const known = resolvedSections(study);
  let found = study;
  for (const [name, within] of bySection(values)) {
    const key = JSON.stringify([name, within]);
    const section = known.get(key) ?? ruled(name, unswept(study, name), within);
    known.set(key, section);
    if (!("section" in section)) return section;
    found = withSection(found, name, section.section);
  }
  return { study: found };
}

const resolvedSections = remembered<Study, Map<string, { readonly section: unknown } | Refusal>>(
  () => new Map(),
);

/** Values by their places in a section. */
export type Placements = readonly (readonly [Steps, AxisValue])[];

export function bySection(values: Combination): [SectionName, Placements][] {
  return (Object.keys(SECTIONS) as SectionName[]).flatMap(
    (section): [SectionName, Placements][] => {
      const within = values.flatMap(([path, value]) => {
        const [name, ...steps] = stepsOf(path) ?? [];
        return name === section ? [[steps, value] as const] : [];
      });
      return within.length === 0 ? [] : [[section, within]];
    },
  );
}

/** A section with values in their places, by its rules. */
export function ruled(
  name: SectionName,
  base: unknown,
  values: Placements,
): { readonly section: unknown } | Refusal {
  let written = base;
  for (const [steps, value] of values) {
    written = placed(written, steps, value);
    if (written === undefined)
      return {
        issues: [
          {
            path: [name, ...steps],
            message: `there is no such place in ${pathText([name, ...steps.slice(0, -1)])}; write it out there`,
          },
        ],
      };
  }
  const result = SECTIONS[name].safeParse(written);
  if (result.success) return { section: result.data };
  return {
    issues: result.error.issues.map(({ path, message }) => ({ path: [name, ...path], message })),
  };
}

/** What of a section is the same at all points. */
export function unswept(study: Study, name: SectionName): Readonly<Record<string, unknown>> {
  const { within, paths = {} } = study.sweep;
  if (within?.[name] !== undefined) return within[name];
  const swept = Object.keys(paths).flatMap((path) => {
    const [section, key] = stepsOf(path) ?? [];
    return section === name ? [key] : [];
  });
  // What is swept as init may be resolved as init_std.
  if (name === "model" && swept.includes("init")) swept.push("init_std");
  const fields = name === "dataset" ? examplesOf(study.dataset) : study[name];
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !swept.includes(key)));
}
