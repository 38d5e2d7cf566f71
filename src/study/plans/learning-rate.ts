// The learning-rate search: from 0.1 down by tens until a rate converges, then up by doubling until one
// diverges. η* is the last that converged.

import { WidthwiseError } from "../../base/errors.ts";
import type { TrialRecord } from "../../records/record.ts";
import { beforeSearchRate } from "./notebook-order.ts";
import type { DatasetSize, Plan, PlannedTrial } from "./plan.ts";
import { plannedTrial, seedsOf } from "./planned-trial.ts";
import type { Study } from "../spec.ts";

/** Rates that a search tries where it goes as the homework's did: one too large, one that converges, one that does not. */
const TYPICAL_PROBES = 3;

const SMALLEST_RATE = 1e-8;
const LARGEST_RATE = 1e3;

/** A loss that one pass leaves within this share of what it was has not moved: random steps of the biases alone do as much. */
const STILL = 0.05;

/** One learning rate that the search tried. */
export interface Probe {
  readonly learning_rate: number;
  /** Training objective before training. */
  readonly before: number;
  /** Training objective after one pass; NaN where training diverged to a non-finite objective. */
  readonly after: number;
  /** Converges if after < threshold (= factor · before). */
  readonly threshold: number;
  readonly verdict: "converges" | "diverges";
  /** Distance to the threshold: after / threshold; Infinity where `after` is not finite. */
  readonly margin: number;
  readonly record: TrialRecord;
}

export interface LearningRateAnswer {
  readonly eta_star: number;
  /** In the order in which they were tried. */
  readonly probes: readonly Probe[];
}

/**
 * Asks for one trial at a time. Throws WidthwiseError where no rate from 1e-8 to 1e3 converges, or none
 * diverges; where every rate tried leaves the loss within 5 % of what it was, it says that the initial weights are
 * too small instead.
 */
export function learningRatePlan(study: Study, dataset: DatasetSize): Plan<LearningRateAnswer> {
  return (find) => {
    const probes: Probe[] = [];
    for (;;) {
      const eta = nextRate(study, probes);
      if (eta === null) return { answer: { eta_star: lastConverged(probes), probes } };
      const planned = searchTrial(study, dataset, eta);
      const record = find(planned);
      if (!record) {
        const more = Math.max(0, TYPICAL_PROBES - probes.length - 1);
        return { trials: [planned], expected: Array.from({ length: more }, () => planned) };
      }
      probes.push(probe(eta, record, study.search.factor));
    }
  };
}

/** The trial that tells whether a learning rate converges: one pass at the search's width. */
export function searchTrial(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
): PlannedTrial {
  return plannedTrial(study, dataset, {
    ...{ role: "search", values: { width: study.search.width }, seed: seedsOf(study)[0] },
    ...{ after: () => beforeSearchRate(learningRate), learningRate, passes: 1 },
  });
}

function probe(learningRate: number, record: TrialRecord, factor: number): Probe {
  const { trajectory, ending } = record;
  const before = trajectory[0].train.objective;
  const after = ending.kind === "diverged" ? NaN : trajectory[1].train.objective;
  const threshold = factor * before;
  return {
    learning_rate: learningRate,
    before,
    after,
    threshold,
    verdict: after < threshold ? "converges" : "diverges",
    margin: Number.isFinite(after) ? after / threshold : Infinity,
    record,
  };
}

/** The rate to try next; null where the last two verdicts enclose η*. */
function nextRate(
  { model: { init, init_std }, search: { factor } }: Study,
  probes: readonly Probe[],
): number | null {
  const last = probes.at(-1);
  if (!last) return 0.1;
  const converged = probes.some(({ verdict }) => verdict === "converges");
  if (converged && last.verdict === "diverges") return null;
  const next = converged ? 2 * last.learning_rate : Number(`1e-${probes.length + 1}`);
  if (next < SMALLEST_RATE || next > LARGEST_RATE) {
    if (probes.every(isStill)) {
      throw new WidthwiseError(
        `no learning rate from ${SMALLEST_RATE} to ${probes[0].learning_rate} moves the training loss from ${last.before.toFixed(4)} ` +
          `by more than ${100 * STILL} % in one pass: initial weights${init_std === undefined ? "" : ` of standard deviation ${String(init_std)}`} are too small to learn from; ` +
          `give ${typeof init === "object" ? "larger ones" : "a larger model.init_std"}, or training.learning_rate as a number`,
      );
    }
    const advice = "give training.learning_rate as a number, or ";
    if (converged)
      throw new WidthwiseError(
        `no learning rate up to ${LARGEST_RATE} diverges: one pass at ${last.learning_rate} still brings the training loss below ` +
          `${factor} times what it was; ${advice}a smaller search.factor`,
      );
    const best = probes.reduce((a, b) => (b.after < a.after || Number.isNaN(a.after) ? b : a));
    throw new WidthwiseError(
      `no learning rate down to ${SMALLEST_RATE} converges: none brings the training loss below ${factor} times what it was in one pass` +
        (Number.isFinite(best.after)
          ? `, the best, ${best.learning_rate}, to ${(best.after / best.before).toPrecision(2)} times; `
          : "; ") +
        `${advice}a larger search.factor`,
    );
  }
  return next;
}

function isStill({ before, after }: Probe): boolean {
  return Math.abs(after - before) <= STILL * before;
}

function lastConverged(probes: readonly Probe[]): number {
  return probes[probes.length - 2].learning_rate;
}
