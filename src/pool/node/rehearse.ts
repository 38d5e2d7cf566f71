// Times what measurements of a study take on made-up examples, where they take long. Its results reach no record.

import { median } from "d3-array";
import { sha256 } from "../../base/sha256.node.ts";
import {
  evaluationMultiplyAdds,
  lineThrough,
  type Calibration,
  type MeasurementCosts,
} from "../../kernel/cost.ts";
import type { KernelMemory } from "../../kernel/host.ts";
import { measurementOf, nameOf, type MeasurementChoice } from "../../measurements/table.ts";
import type { Parameters, Shape } from "../../model/network.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import type { PreparedExamples } from "../../training/examples.ts";
import { measuredIn } from "../measure.ts";

/** Weights times examples that a timed measurement is made on, at the most: some tenths of a second of sharpness. */
const MOST_WORK = 5e6;

/** Timed measurements of one kind, after one that makes their code hot. */
const TIMES = 3;

export interface Rehearsed {
  readonly shape: Shape;
  readonly parameters: Parameters;
}

/** `networks`: the cheapest first. `rest` is awaited between two measurements. */
export async function rehearse(
  { memory }: KernelMemory,
  networks: readonly Rehearsed[],
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
    for (const { shape, parameters } of networks) {
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
      const many = Math.min(train.examples, Math.max(8, Math.round(MOST_WORK / multiplyAdds)));
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
