// Paths into a study, as messages and sweeps write them: training.schedule.factor, training.layer_rates[0].

import { isMapping } from "../../base/fields.ts";

export type Steps = readonly (string | number)[];

const PATH = /^[a-z]\w*(\.[a-z]\w*|\[\d{1,4}\])*$/;

/** null where it is no path. */
export function stepsOf(path: string): Steps | null {
  if (!PATH.test(path)) return null;
  return (path.match(/\w+/g) ?? []).map((step) => (/^\d/.test(step) ? Number(step) : step));
}

/** Whether one of both lies in the other, or both are one. */
export function overlap(one: Steps, other: Steps): boolean {
  return one.every((step, i) => i >= other.length || step === other[i]);
}

/**
 * `base` with `value` at `steps`, mappings that are not there made on the way; undefined where something else than a
 * mapping or a list that is long enough stands in the way.
 */
export function placed(base: unknown, steps: Steps, value: unknown): unknown {
  if (steps.length === 0) return value;
  const [step, ...rest] = steps;
  if (typeof step === "number") {
    if (!Array.isArray(base) || step >= base.length) return undefined;
    const inner = placed(base[step], rest, value);
    return inner === undefined ? undefined : base.with(step, inner);
  }
  if (base !== undefined && !isMapping(base)) return undefined;
  const inner = placed(base?.[step], rest, value);
  return inner === undefined ? undefined : { ...base, [step]: inner };
}

/** What stands at `steps`; undefined where nothing does. */
export function found(base: unknown, steps: Steps): unknown {
  return steps.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    base,
  );
}
