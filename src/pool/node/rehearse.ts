// Times what measurements of a study take on made-up examples, where they take long. Its results reach no record.

import { median } from "d3-array";
import { withPauses } from "../../base/parts.ts";
import { sha256 } from "../../base/sha256.node.ts";
import {
  evaluationMultiplyAdds,
  lineThrough,
  type Calibration,
  type MeasurementCosts,
} from "../../kernel/cost.ts";
import type { KernelMemory } from "../../kernel/host.ts";
import { measurementOf, nameOf, type MeasurementChoice } from "../../measurements/table.ts";
import { narrowedTo, type Shape } from "../../model/network.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import type { PreparedExamples } from "../../training/examples.ts";
import { measuredIn } from "../measure.ts";
import { madeUpParameters } from "./made-up.ts";

/** Weights times examples that a timed measurement is made on: some tenths of a second of sharpness. */
const WORK = 5e6;

/** Larger networks are measured with layers so narrow that they have at most so many multiply-adds, and reckoned by these. */
const MOST_MULTIPLY_ADDS = 6e5;

/** Timed measurements of one kind, after one that makes their code hot. */
const TIMES = 3;

/** `shapes`: the cheapest first. `rest` is awaited between two measurements. */
export async function rehearse(
  { memory }: KernelMemory,
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
    for (const shape of shapes.map(affordable)) {
      const parameters = await withPauses(madeUpParameters(shape), rest);
      const multiplyAdds = evaluationMultiplyAdds(shape);
      const time = async (examples: number) => {
        const call = { specification, shape, parameters, initial: parameters };
        const of = { train: { ...train, examples }, test, rows };
        const measured = measuredIn(memory, { ...call, examples: of }, sha256);
        const seconds: number[] = [];
        for (let made = 0; made <= TIMES; made++) {
          await rest();
          const begun = performance.now();
          rehearsal.run(measured);
          seconds.push((performance.now() - begun) / 1000);
        }
        return median(seconds.slice(1)) ?? 0;
      };
      const many = Math.min(train.examples, Math.max(8, Math.round(WORK / multiplyAdds)));
      const few = Math.ceil(many / 4);
      const [ofFew, ofMany] = [await time(few), await time(many)];
      const example = ofMany > ofFew ? (ofMany - ofFew) / (many - few) : ofMany / many;
      points.push({ multiplyAdds, example, whole: Math.max(0, ofMany - many * example) });
    }
    const line = (of: "example" | "whole") =>
      lineThrough(points.map((point) => ({ ...point, seconds: point[of] })));
    costs.set(nameOf(choice), { example: line("example"), whole: line("whole") });
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
