// Sharpness beside the curvature from which gradient descent is no longer stable: 2/η, the edge of stability (Cohen et al. 2021).

import { rateOf } from "../model/schedules/rates.ts";
import type { TrialSpecification } from "../model/trial.ts";
import type { Outcome } from "./outcome.ts";

/** Within so much of the limit sharpness counts as staying there. */
export const NEAR = 0.1;

export interface SharpnessRow {
  readonly pass: number;
  readonly sharpness: number;
  /** null where there is none (`limitOf`). */
  readonly limit: number | null;
}

/** What a trial's sharpness does. */
export interface SharpnessPath {
  /** Evaluations at which it was measured and is finite. */
  readonly rows: readonly SharpnessRow[];
  /** The first pass after which it is at or above its limit; null for never, or where there is no limit. */
  readonly reached: number | null;
  /** Of the evaluations after that one, the share within 10 % of the limit; null where there are none. */
  readonly near: number | null;
  /** Whether the study's rules ended it before its passes. */
  readonly stopped?: true;
}

/**
 * The largest curvature at which full-batch descent with the rate of pass `pass` (from 0) is stable on a quadratic: 2/η,
 * with momentum μ 2(1 + μ)/η, with Nesterov's 2(1 + μ)/(η(1 + 2μ)) (Cohen et al. 2021, appendix B). null for Adam, and where
 * layers have rates of their own.
 */
export function limitOf({ training }: TrialSpecification, pass: number): number | null {
  const { optimizer, schedule, learning_rate, layer_rates } = training;
  if (optimizer?.kind === "adam" || layer_rates !== undefined) return null;
  const rate = rateOf(schedule, learning_rate, pass);
  if (optimizer === undefined) return 2 / rate;
  const { momentum, nesterov } = optimizer;
  return (2 * (1 + momentum)) / (rate * (nesterov === true ? 1 + 2 * momentum : 1));
}

/** `column`: of the measured sharpness. The limit beside a row is that of the pass which ended there. */
export function sharpnessPath(
  { record, measured, stopped }: Outcome,
  column: string,
): SharpnessPath {
  const rows = record.trajectory.flatMap(({ pass }): SharpnessRow[] => {
    const sharpness = measured?.get(column)?.get(pass) ?? NaN;
    const limit = limitOf(record.specification, Math.max(0, pass - 1));
    return Number.isFinite(sharpness) ? [{ pass, sharpness, limit }] : [];
  });
  const at = rows.findIndex(({ sharpness, limit }) => limit !== null && sharpness >= limit);
  const later = at < 0 ? [] : rows.slice(at + 1);
  const near = later.filter(
    ({ sharpness, limit }) => Math.abs(sharpness / (limit ?? NaN) - 1) <= NEAR,
  );
  return {
    rows,
    reached: at < 0 ? null : rows[at].pass,
    near: later.length === 0 ? null : near.length / later.length,
    ...(stopped && { stopped }),
  };
}
