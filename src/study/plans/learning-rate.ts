// The learning-rate search: from 0.1 down by tens until a rate converges, then up by doubling until one
// diverges. η* is the last that converged. It is made once for every combination of what is swept beside the width.

import { WidthwiseError } from "../../base/errors.ts";
import type { TrialRecord } from "../../records/record.ts";
import { valuesText, type Point } from "../../records/point.ts";
import { median } from "../../analysis/median.ts";
import { sweptValues } from "../axes/axes.ts";
import { beforeSearchRate } from "./notebook-order.ts";
import { sideBySide, type DatasetSize, type Plan, type PlannedTrial } from "./plan.ts";
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
  /** Training objective before training; of several seeds their median, or that of the one that decides. */
  readonly before: number;
  /** Training objective after one pass, likewise; NaN where training diverged to a non-finite objective. */
  readonly after: number;
  /** Converges if after < threshold (= factor · before). */
  readonly threshold: number;
  readonly verdict: "converges" | "diverges";
  /** Distance to the threshold: after / threshold; Infinity where `after` is not finite. */
  readonly margin: number;
  /** With the first seed. */
  readonly record: TrialRecord;
  /** With the other seeds, where all are tried. */
  readonly others?: readonly TrialRecord[];
}

export interface LearningRateAnswer {
  readonly eta_star: number;
  /** In the order in which they were tried. */
  readonly probes: readonly Probe[];
  /** Of the axes beside the width, where some are swept. */
  readonly values?: Point["values"];
}

/** All trials of a search, rate by rate. */
export function searchRecords({ probes }: LearningRateAnswer): TrialRecord[] {
  return probes.flatMap(({ record, others = [] }) => [record, ...others]);
}

/** Values on the other axes. */
export function besideWidth(values: Point["values"]): Point["values"] {
  return Object.fromEntries(Object.entries(values).filter(([axis]) => axis !== "width"));
}

/** Every combination of swept values other than width, in the sweep's order. */
export function searchedValues(study: Study): Point["values"][] {
  const others = sweptValues(study).map(besideWidth);
  return [...new Map(others.map((values) => [JSON.stringify(values), values])).values()];
}

/** Searches for each of these values side by side; the answers stand in their order. */
export function learningRatePlans(
  study: Study,
  dataset: DatasetSize,
): Plan<readonly LearningRateAnswer[]> {
  return sideBySide(
    searchedValues(study).map((values) => learningRatePlan(study, dataset, values)),
  );
}

/**
 * Asks for one rate at a time, with the first seed or with all. Throws WidthwiseError where no rate from 1e-8 to 1e3 converges, or none
 * diverges; where every rate tried leaves the loss within 5 % of what it was, it says that the initial weights are
 * too small instead.
 */
export function learningRatePlan(
  study: Study,
  dataset: DatasetSize,
  values: Point["values"] = {},
): Plan<LearningRateAnswer> {
  const seeds = seedsOf(study).slice(0, study.search.seeds === "all" ? undefined : 1);
  const place = valuesText(values);
  const at = place === "" ? "" : `at ${place}: `;
  return (find) => {
    const probes: Probe[] = [];
    for (;;) {
      const eta = nextRate(study, probes, at);
      if (eta === null) {
        const answer = { eta_star: lastConverged(probes), probes };
        return { answer: place === "" ? answer : { ...answer, values } };
      }
      const planned = seeds.map((seed) => searchTrial(study, dataset, eta, { values, seed }));
      const missing = planned.filter((one) => find(one) === undefined);
      if (missing.length > 0) {
        const more = Math.max(0, TYPICAL_PROBES - probes.length - 1);
        return { trials: missing, expected: Array.from({ length: more }, () => planned).flat() };
      }
      const [first, ...others] = planned.flatMap((one) => find(one) ?? []);
      probes.push(probe(eta, first, others, study.search));
    }
  };
}

/** The trial that tells whether a learning rate converges: one pass at the search's width. */
export function searchTrial(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
  { values = {}, seed = seedsOf(study)[0] }: Partial<Point> = {},
): PlannedTrial {
  return plannedTrial(study, dataset, {
    ...{ role: "search", values: { ...values, width: study.search.width }, seed },
    ...{ after: () => beforeSearchRate(learningRate), learningRate, passes: 1 },
  });
}

function probe(
  learningRate: number,
  record: TrialRecord,
  others: readonly TrialRecord[],
  { factor, rule }: Study["search"],
): Probe {
  const all = [record, ...others].map(lossesOf);
  const { before, after } = rule === "every" ? worstOf(all) : medianOf(all);
  const threshold = factor * before;
  return {
    learning_rate: learningRate,
    before,
    after,
    threshold,
    verdict: after < threshold ? "converges" : "diverges",
    margin: Number.isFinite(after) ? after / threshold : Infinity,
    record,
    ...(others.length > 0 && { others }),
  };
}

type Losses = Pick<Probe, "before" | "after">;

function lossesOf({ trajectory, ending }: TrialRecord): Losses {
  const before = trajectory[0].train.objective;
  return { before, after: ending.kind === "diverged" ? NaN : trajectory[1].train.objective };
}

/** One that is no number counts as infinite. */
function medianOf(all: readonly Losses[]): Losses {
  if (all.length === 1) return all[0];
  return {
    before: median(all.map(({ before }) => before)),
    after: median(all.map(({ after }) => (Number.isNaN(after) ? Infinity : after))),
  };
}

/** That of the seed whose loss is left largest, for its size: where it converges, every one does. */
function worstOf(all: readonly Losses[]): Losses {
  const share = ({ before, after }: Losses) => (Number.isNaN(after) ? Infinity : after / before);
  return all.reduce((a, b) => (share(b) > share(a) ? b : a));
}

/** The rate to try next; null where the last two verdicts enclose η*. */
function nextRate(
  { model: { init, init_std }, training: { batch = 1 }, search: { factor } }: Study,
  probes: readonly Probe[],
  /** What its messages begin with. */
  at: string,
): number | null {
  const last = probes.at(-1);
  if (!last) return 0.1;
  const converged = probes.some(({ verdict }) => verdict === "converges");
  if (converged && last.verdict === "diverges") return null;
  const next = converged ? 2 * last.learning_rate : Number(`1e-${probes.length + 1}`);
  if (next < SMALLEST_RATE || next > LARGEST_RATE) {
    if (probes.every(isStill)) {
      throw new WidthwiseError(
        `${at}no learning rate from ${SMALLEST_RATE} to ${probes[0].learning_rate} moves the training loss from ${last.before.toFixed(4)} ` +
          `by more than ${100 * STILL} % in one pass: initial weights${init_std === undefined ? "" : ` of standard deviation ${String(init_std)}`} are too small to learn from; ` +
          `give ${typeof init === "object" ? "larger ones" : "a larger model.init_std"}, or training.learning_rate as a number`,
      );
    }
    const advice = "give training.learning_rate as a number, or ";
    if (converged)
      throw new WidthwiseError(
        `${at}no learning rate up to ${LARGEST_RATE} diverges: one pass at ${last.learning_rate} still brings the training loss below ` +
          `${factor} times what it was; ${advice}a smaller search.factor`,
      );
    const best = probes.reduce((a, b) => (b.after < a.after || Number.isNaN(a.after) ? b : a));
    throw new WidthwiseError(
      `${at}no learning rate down to ${SMALLEST_RATE} converges: none brings the training loss below ${factor} times what it was in one pass` +
        (Number.isFinite(best.after)
          ? `, the best, ${best.learning_rate}, to ${(best.after / best.before).toPrecision(2)} times; `
          : "; ") +
        `${advice}${batch === 1 ? "" : "a smaller batch, or "}a larger search.factor`,
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
