// Trains one trial, pass by pass, from a checkpoint on. Knows nothing of evaluations, files, clocks or other trials.

import { WidthwiseError } from "../base/errors.ts";
import type { KernelHost } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/kernel-network.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { functionsOf, partsOf, TRAINING_PARTS } from "../model/parts.ts";
import { statesOf } from "../model/optimizers/choice.ts";
import { rateOf } from "../model/schedules/rates.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import type { PreparedExamples } from "./examples.ts";
import type { Trial } from "../model/trial.ts";

/** Steps between two values of the running average that are kept. */
export const AVERAGE_EVERY = 100;

/** All that training between two passes depends on: from here on it gives the bits of an uninterrupted one. */
export interface Checkpoint {
  /** Passes trained; 0 is before training. */
  readonly pass: number;
  readonly parameters: Parameters;
  /**
   * What the optimizer keeps of each parameter: nothing of SGD without momentum, v with it, m and v of Adam.
   */
  readonly state: readonly Parameters[];
  /** State of the generator that draws the order of examples, in the layout of random/snapshot.ts. */
  readonly order: Uint32Array;
  /** Running average of the objective (0.99/0.01, from 0) after the last step. */
  readonly average: number;
}

/** A trial after a pass. */
export interface AfterPass extends Checkpoint {
  /** Running average after every 100th step of this pass. */
  readonly averages: readonly number[];
}

/** How training ended. */
export type Ending =
  | { readonly kind: "finished" }
  /** The objective of step `step` (from 1) of pass `pass` (from 1) was not finite; training stopped there. */
  | { readonly kind: "diverged"; readonly pass: number; readonly step: number };

export interface TrainOptions {
  readonly signal?: AbortSignal | undefined;
  /** Train on after an objective that is not finite, as the notebook did; defaults to false. */
  readonly pastDivergence?: boolean;
}

/**
 * Yields a snapshot after every pass that follows `from`, as long as the objective of every step is finite.
 * Throws the signal's reason where that aborts.
 */
export async function* train(
  trial: Trial,
  shape: Shape,
  from: Checkpoint,
  host: KernelHost,
  examples: PreparedExamples,
  { signal, pastDivergence = false }: TrainOptions,
): AsyncGenerator<AfterPass, Ending> {
  const { training } = trial.specification;
  if (statesOf(training) > 0 || (training.batch ?? 1) > 1)
    throw new WidthwiseError("batches and optimizers are not trained yet");
  const { order: draw } = partsOf(TRAINING_PARTS, training);
  const steps = examples.train.examples;
  const { arena, memory } = host;
  const network = new KernelNetwork(host, shape, functionsOf(trial.specification));
  const order = arena.allocate(4 * steps);
  const objectives = arena.allocate(8 * steps);
  try {
    network.write(from.parameters);

    const stream = NumpyRandomState.restore(from.order);
    let { average } = from;
    for (let pass = from.pass + 1; pass <= trial.passes; pass++) {
      signal?.throwIfAborted();
      network.configure({
        learningRate: rateOf(training.schedule, training.learning_rate, pass - 1),
        regularization: training.regularization,
        layerRates: training.layer_rates,
        pastDivergence,
      });
      new Uint32Array(memory.buffer, order, steps).set(draw(stream, steps));
      const args = [
        network.address,
        examples.rows,
        examples.train.labels,
        order,
        steps,
        objectives,
      ];
      const made = await host.execute({ name: "train", args });
      const averages: number[] = [];
      const values = new Float64Array(memory.buffer, objectives, made);
      values.forEach((objective, index) => {
        average = 0.99 * average + 0.01 * objective;
        if (((pass - 1) * steps + index + 1) % AVERAGE_EVERY === 0) averages.push(average);
      });
      if (!pastDivergence && !Number.isFinite(values[made - 1])) {
        return { kind: "diverged", pass, step: made };
      }
      const parameters = network.read();
      yield { pass, parameters, state: [], order: stream.snapshot(), average, averages };
    }
    return { kind: "finished" };
  } finally {
    for (const address of [order, objectives]) arena.free(address);
    network.free();
  }
}
