// Bias and variance of predicted probabilities over disjoint parts of the training set (Yang et al., ICML 2020).

import { pointKey } from "../records/point.ts";
import type { Outcome } from "./outcome.ts";

export const PART_AXIS = "dataset.part";

/** A trial of each part, of as many different seeds as there are: independent draws of examples, weights and order. */
export interface PartGroup {
  /** The point's values but the part. */
  readonly values: Outcome["point"]["values"];
  readonly trials: readonly Outcome[];
}

/** As many groups as seeds at each combination of what else is swept: of group g the j-th part has the (g + j)-th seed. */
export function partGroups(outcomes: readonly Outcome[]): PartGroup[] {
  const places = new Map<string, { values: PartGroup["values"]; parts: Map<string, Outcome[]> }>();
  for (const outcome of outcomes) {
    const { [PART_AXIS]: part, ...values } = outcome.point.values;
    const key = pointKey({ values, seed: null });
    const place = places.get(key) ?? { values, parts: new Map<string, Outcome[]>() };
    places.set(key, place);
    place.parts.set(String(part), [...(place.parts.get(String(part)) ?? []), outcome]);
  }
  return [...places.values()].flatMap(({ values, parts }) => {
    const all = [...parts.values()];
    return all[0].map((_, g) => ({
      values,
      trials: all.map((ofPart, j) => ofPart[(g + j) % ofPart.length]),
    }));
  });
}

export interface Model {
  readonly seed: number | null;
  /** (m, classes) */
  readonly predictions: Float32Array;
}

/** What a group's models show; null where their predictions are not kept, and where they are not finite. */
export interface Spread extends Pick<PartGroup, "values"> {
  readonly variance: number | null;
  /** The mean Brier score of the models. */
  readonly risk: number | null;
}

/**
 * The variance of predictions (m, classes), summed over classes and averaged over examples, from a model of each part: the
 * mean of ½ Σ_c (p_c − q_c)² over pairs of models, of which each is an unbiased estimate where both are drawn
 * independently. Pairs of one seed, which share initial weights and order, are left out where there are others.
 */
export function pairVariance(models: readonly Model[], examples: number): number {
  const pairs = models.flatMap((a, i) => models.slice(i + 1).map((b) => [a, b] as const));
  const independent = pairs.filter(([a, b]) => a.seed !== b.seed);
  const taken = independent.length > 0 ? independent : pairs;
  let total = 0;
  for (const [a, b] of taken)
    for (let at = 0; at < a.predictions.length; at++)
      total += (a.predictions[at] - b.predictions[at]) ** 2;
  return total / 2 / taken.length / examples;
}
