// Trains one trial, pass by pass, from a checkpoint on. Knows nothing of evaluations, files, clocks or other trials.

import { stepMultiplyAdds } from "../kernel/cost.ts";
import type { KernelHost } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/kernel-network.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { functionsOf, partsOf, TRAINING_PARTS } from "../model/parts.ts";
import { isScheduled } from "../model/evaluation-schedule.ts";
import { adamRates } from "../model/optimizers/adam-rates.ts";
import { stepsOfPass } from "../model/optimizers/choice.ts";
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

/** A trial after a pass that is to be evaluated. */
export interface AfterPass extends Omit<Checkpoint, "order"> {
  /** Makes the generator's state as it was after that pass: of most passes nobody wants it. */
  readonly order: () => Uint32Array;
  /** Running average after every 100th step since the evaluated pass before. */
  readonly averages: readonly number[];
}

export function checkpointOf({ pass, parameters, state, order, average }: AfterPass): Checkpoint {
  return { pass, parameters, state, order: order(), average };
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
 * Yields a snapshot after every pass that follows `from` and is to be evaluated (the scheduled ones, and the last), as long
 * as the objective of every step is finite.
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
  const { training, evaluate } = trial.specification;
  const { order: draw } = partsOf(TRAINING_PARTS, training);
  const { optimizer } = training;
  const count = examples.train.examples;
  const steps = stepsOfPass(training, count);
  const { arena, memory } = host;
  const network = new KernelNetwork(host, shape, functionsOf(trial.specification), training);
  const { trainingCall } = network;
  const most =
    trainingCall === "train" ? 1 : mostTogether(trial, count * stepMultiplyAdds(shape, training));
  const sizes = [4 * count, 8 * steps, ...(optimizer?.kind === "adam" ? [8 * steps] : [])];
  const scratch = sizes.map((bytes) => arena.allocate(most * bytes));
  const [order, objectives, rates = 0] = scratch;
  try {
    network.write(from.parameters, from.state);

    const stream = NumpyRandomState.restore(from.order);
    let { average } = from;
    let averages: number[] = [];
    let pass = from.pass;
    let configured = NaN;
    while (pass < trial.passes) {
      signal?.throwIfAborted();
      const before = pass;
      const learningRate = rateOf(training.schedule, training.learning_rate, pass);
      do pass++;
      while (pass < trial.passes && pass - before < most && !isScheduled(evaluate, pass));
      const together = pass - before;
      if (learningRate !== configured)
        network.configure({
          learningRate,
          regularization: training.regularization,
          layerRates: training.layer_rates,
          pastDivergence,
        });
      configured = learningRate;
      const stepsBefore = before * steps;
      if (optimizer?.kind === "adam") {
        const made = together * steps;
        new Float32Array(memory.buffer, rates, 2 * made).set(
          adamRates(optimizer, learningRate, stepsBefore, made),
        );
      }
      for (let index = 0; index < together; index++)
        new Uint32Array(memory.buffer, order + 4 * index * count, count).set(draw(stream, count));
      const data = [network.address, examples.rows, examples.train.labels, order, count];
      const args =
        trainingCall === "train" ? [...data, objectives] : [...data, together, objectives, rates];
      const made = await host.execute({ name: trainingCall, args });
      const values = new Float64Array(memory.buffer, objectives, made);
      for (let index = 0; index < made; index++) {
        average = 0.99 * average + 0.01 * values[index];
        if ((stepsBefore + index + 1) % AVERAGE_EVERY === 0) averages.push(average);
      }
      if (!pastDivergence && !Number.isFinite(values[made - 1])) {
        const last = Math.ceil(made / steps);
        return { kind: "diverged", pass: before + last, step: made - (last - 1) * steps };
      }
      if (pass < trial.passes && !isScheduled(evaluate, pass)) continue;
      const parameters = network.read();
      const state = network.readState();
      yield { pass, parameters, state, order: stream.laterSnapshot(), average, averages };
      averages = [];
    }
    return { kind: "finished" };
  } finally {
    for (const address of scratch) arena.free(address);
    network.free();
  }
}

/** Multiply-adds of a kernel call, at the most, where several passes share it: some milliseconds. */
const WORK_TOGETHER = 2 ** 26;

/** How many passes may share a kernel call, each of which takes `work` multiply-adds: at one rate, and none of them to be looked at. */
function mostTogether({ specification, passes }: Trial, work: number): number {
  const { evaluate, training } = specification;
  if (evaluate === undefined || training.schedule !== undefined) return 1;
  return Math.max(1, Math.min(passes, Math.floor(WORK_TOGETHER / work)));
}
