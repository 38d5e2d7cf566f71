// The threshold search on made-up interpolation curves: how often its interval covers the truth, and what it costs.
// threshold.test.ts draws some hundred times; `npm run test:simulations` draws 10 000 times for docs/questions.md's figures.

import { NumpyRandomState } from "../../src/random/numpy.ts";
import { thresholdSearch, type ThresholdFound } from "../../src/study/plans/threshold-search.ts";
import { MAX_WIDTH } from "../../src/study/language/width.ts";

/** The probability that a seed interpolates, by width. */
export type Curve = (width: number) => number;

/** Rises from 0 to 1 in the logarithm of the width: ½ at `middle`, from 12 % to 88 % within a factor of `factor`. */
export const logistic =
  (middle: number, factor: number): Curve =>
  (width) =>
    1 / (1 + (middle / width) ** (4 / Math.log(factor)));

/** Where a curve has no more than `share` for the widths from `from` to `to`: a curve that rises, falls and rises again. */
export const dipped =
  (curve: Curve, from: number, to: number, share: number): Curve =>
  (width) =>
    width >= from && width <= to ? Math.min(share, curve(width)) : curve(width);

/** The smallest width at which more than half of all seeds interpolate. */
export function truth(curve: Curve): number {
  let width = 1;
  while (width <= MAX_WIDTH && curve(width) <= 0.5) width++;
  return width;
}

export interface Drawn extends ThresholdFound {
  readonly trainings: number;
}

/**
 * One search. Where `shared`, a seed's luck is the same at all widths, so that it interpolates at every width with a larger
 * probability; else each of its trainings has its own.
 */
export function draw(curve: Curve, random: NumpyRandomState, shared = false): Drawn {
  const luck = new Map<string, number>();
  const trainings = new Set<string>();
  const interpolates = (width: number, seed: number): boolean => {
    const training = `${width}/${seed}`;
    trainings.add(training);
    const name = shared ? String(seed) : training;
    const drawn = luck.get(name) ?? random.random();
    luck.set(name, drawn);
    return drawn < curve(width);
  };
  const step = thresholdSearch(({ width, seeds }) => {
    let count = 0;
    for (let seed = 0; seed < seeds; seed++) count += Number(interpolates(width, seed));
    return count;
  });
  if (!("answer" in step)) throw new Error("every count is known");
  return { ...step.answer, trainings: trainings.size };
}

export interface Simulated {
  readonly truth: number;
  /** Shares of draws: the interval holds the truth. */
  readonly covered: number;
  /** A violation is told. */
  readonly told: number;
  /** The widths visited hold a violation: a share below ½ at a wider width than one with a share above. */
  readonly violating: number;
  /** Of those, a violation is told; NaN where there are none. */
  readonly toldOfViolating: number;
  /** The interval misses the truth, and no violation is told. */
  readonly missedSilently: number;
  /** Medians over draws. */
  readonly low: number;
  readonly high: number;
  readonly trainings: number;
  /** Of draws, the 95th hundredth. */
  readonly manyTrainings: number;
}

export function simulate(curve: Curve, draws: number, seed: number, shared = false): Simulated {
  const random = new NumpyRandomState(seed);
  const wanted = truth(curve);
  const all = Array.from({ length: draws }, () => draw(curve, random, shared));
  const isCovered = ({ low, high }: Drawn) => low <= wanted && wanted <= (high ?? Infinity);
  const isTold = ({ violations }: Drawn) => violations.length > 0;
  const isViolating = ({ visits }: Drawn) => {
    const first = Math.min(...visits.map(({ width }) => width).filter((one) => curve(one) > 0.5));
    return visits.some(({ width }) => width > first && curve(width) < 0.5);
  };
  const violating = all.filter(isViolating);
  const share = (of: (drawn: Drawn) => boolean) => all.filter(of).length / draws;
  const quantile = (of: (drawn: Drawn) => number, share = 0.5) =>
    all.map(of).sort((a, b) => a - b)[Math.floor(draws * share)];
  return {
    truth: wanted,
    covered: share(isCovered),
    told: share(isTold),
    violating: violating.length / draws,
    toldOfViolating: violating.filter(isTold).length / violating.length,
    missedSilently: share((one) => !isCovered(one) && !isTold(one)),
    low: quantile(({ low }) => low),
    high: quantile(({ high }) => high ?? Infinity),
    trainings: quantile(({ trainings }) => trainings),
    manyTrainings: quantile(({ trainings }) => trainings, 0.95),
  };
}
