// Times what measurements of a study take on made-up examples, where they take long. Its results reach no record.

import { mean } from "d3-array";
import { withPauses } from "../../base/parts.ts";
import {
  evaluationMultiplyAdds,
  lineThrough,
  type Calibration,
  type MeasurementCosts,
} from "../../kernel/cost.ts";
import { measurementOf, nameOf, type MeasurementChoice } from "../../measurements/table.ts";
import { narrowedTo, type Shape } from "../../model/network.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import type { PreparedExamples } from "../../training/examples.ts";
import { madeUpParameters } from "./made-up.ts";
import { onEach, type KernelThreads } from "./threads.ts";

/** Weights times examples that a timed measurement is made on: some tenths of a second of sharpness. */
const WORK = 5e6;

/** Larger networks are measured with layers so narrow that they have at most so many multiply-adds, and reckoned by these. */
const MOST_MULTIPLY_ADDS = 6e5;

/** Timed measurements of one kind on each worker, after one that makes their code hot: so many that garbage is collected. */
const TIMES = 12;

/** While all workers do the same. `shapes`: the cheapest first. `rest` is awaited between two measurements. */
export async function rehearse(
  threads: KernelThreads,
  workers: number,
  shapes: readonly Shape[],
  { train, test, rows }: PreparedExamples,
  specification: TrialSpecification,
  choices: readonly MeasurementChoice[],
  rest: () => Promise<void>,
): Promise<Calibration["measurements"]> {
  const costs = new Map<string, MeasurementCosts>();
  for (const choice of choices) {
    const { rehearsal } = measurementOf(choice);
    if (rehearsal === undefined) continue;
    const points: { multiplyAdds: number; example: number; whole: number }[] = [];
    const firsts: number[] = [];
    for (const shape of shapes.map(affordable)) {
      const parameters = await withPauses(madeUpParameters(shape), rest);
      const multiplyAdds = evaluationMultiplyAdds(shape);
      const time = async (examples: number) => {
        const of = { train: { ...train, examples }, test, rows };
        const call = { specification, shape, parameters, initial: parameters, examples: of };
        const laps: number[][] = [];
        for (let made = 0; made <= TIMES; made++) {
          await rest();
          laps.push(
            await onEach(workers, async () => {
              const begun = performance.now();
              await threads.rehearse({ ...call, choices: [choice] });
              return (performance.now() - begun) / 1000;
            }),
          );
        }
        const typical = mean(laps.slice(1).flat()) ?? 0;
        firsts.push(Math.max(0, ...laps[0].map((seconds) => seconds - typical)));
        return typical;
      };
      const many = Math.min(train.examples, Math.max(8, Math.round(WORK / multiplyAdds)));
      const few = Math.ceil(many / 4);
      const [ofFew, ofMany] = [await time(few), await time(many)];
      const example = ofMany > ofFew ? (ofMany - ofFew) / (many - few) : ofMany / many;
      points.push({ multiplyAdds, example, whole: Math.max(0, ofMany - many * example) });
    }
    const line = (of: "example" | "whole") =>
      lineThrough(points.map((point) => ({ ...point, seconds: point[of] })));
    const [first] = firsts;
    costs.set(nameOf(choice), { example: line("example"), whole: line("whole"), first });
  }
  return costs;
}

/** The network, or one so narrow that its measurements take no long time. */
export function affordable(shape: Shape): Shape {
  let narrower = shape;
  while (evaluationMultiplyAdds(narrower) > MOST_MULTIPLY_ADDS && Math.max(...narrower.hidden) > 1)
    narrower = narrowedTo(Math.floor(Math.max(...narrower.hidden) / 2), narrower);
  return narrower;
}
