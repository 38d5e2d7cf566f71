// Trains one trial, pass by pass. Knows nothing of evaluations, files, clocks or other trials.

import type { KernelHost } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/network.ts";
import type { Parameters, Shape } from "../kernel/parameters.ts";
import type { PreparedExamples } from "./examples.ts";
import type { TrialDraws } from "./streams.ts";
import type { Trial } from "./trial.ts";

/** Steps between two values of the running average that are kept. */
const AVERAGE_EVERY = 100;

/** A trial after a pass; pass 0 is before training. */
export interface Snapshot {
  readonly pass: number;
  readonly parameters: Parameters;
  /** Running average of the objective (0.99/0.01, from 0) after every 100th step of this pass. */
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
  readonly goOn?: boolean;
}

/**
 * Yields a snapshot before training and after every pass, as long as the objective of every step is finite.
 * Throws the signal's reason where that aborts.
 */
export async function* train(
  trial: Trial,
  shape: Shape,
  draws: TrialDraws,
  host: KernelHost,
  examples: PreparedExamples,
  { signal, goOn = false }: TrainOptions,
): AsyncGenerator<Snapshot, Ending> {
  const { learning_rate: learningRate, regularization } = trial.specification.training;
  const steps = examples.train.examples;
  const { arena, memory } = host;
  const network = new KernelNetwork(host, shape);
  const order = arena.allocate(4 * steps);
  const objectives = arena.allocate(8 * steps);
  try {
    network.configure({ learningRate, regularization, goOn });
    network.write(draws.initial);
    yield { pass: 0, parameters: draws.initial, averages: [] };

    let average = 0;
    for (let pass = 1; pass <= trial.passes; pass++) {
      signal?.throwIfAborted();
      new Uint32Array(memory.buffer, order, steps).set(draws.nextOrder());
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
      if (!goOn && !Number.isFinite(values[made - 1])) {
        return { kind: "diverged", pass, step: made };
      }
      yield { pass, parameters: network.read(), averages };
    }
    return { kind: "finished" };
  } finally {
    for (const address of [order, objectives]) arena.free(address);
    network.free();
  }
}
