// Weights → evaluation: objective and right predictions on the whole training and test set.

import type { KernelCall, KernelHost } from "../kernel/host.ts";
import type { KernelNetwork } from "../kernel/kernel-network.ts";
import { evaluationChunks } from "../kernel/blocks.ts";
import { layerOutputs, type Parameters, type Shape } from "../model/network.ts";
import type { GroupedSet, PreparedExamples } from "./examples.ts";

/** Objective and number of right predictions on one whole set. */
export interface Score {
  /** Mean loss + λ/2 · Σ‖W‖², in the objective's unit. May be NaN or infinite. */
  readonly objective: number;
  /** Examples predicted right. */
  readonly correct: number;
  /** Examples in the set. */
  readonly examples: number;
}

/**
 * Evaluates the first `count` examples of a set in their order there: all, or so many that a measurement wants, of
 * whose losses nothing is told then. `losses` is the address of evaluationBytes(network.shape, set.examples).
 */
export function evaluationCall(
  network: KernelNetwork,
  { examples, groups, indices, sharedInputs, labels }: GroupedSet,
  count: number,
  losses: number,
): KernelCall {
  const scratch = losses + lossBytes(examples);
  const args = [network.address, groups, indices, sharedInputs, labels, count, losses, scratch];
  return { name: "evaluate", args };
}

/** Bytes that an evaluation writes: a set's losses and their chunks' sums, and activations of the examples under way. */
export function evaluationBytes(shape: Shape, examples: number): number {
  return lossBytes(examples) + 4 * (72 + 2 * 8 * (8 + Math.max(...layerOutputs(shape))));
}

/** A multiple of 16. */
function lossBytes(examples: number): number {
  return 16 * Math.ceil((examples + evaluationChunks(examples)) / 2);
}

/** Share of right predictions, 0 to 1. */
export function accuracy(score: Score): number {
  return score.correct / score.examples;
}

/** Evaluates `parameters` on both sets; `network` is overwritten with them. */
export async function evaluate(
  host: KernelHost,
  network: KernelNetwork,
  parameters: Parameters,
  examples: PreparedExamples,
  regularization: number,
): Promise<{ train: Score; test: Score }> {
  network.write(parameters);
  const penalty =
    regularization === 0 ? 0 : 0.5 * regularization * (await squaredNorm(host, network));
  const { arena } = host;
  const { train, test } = examples;
  const most = Math.max(train.examples, test.examples);
  const losses = arena.reserve(evaluationBytes(network.shape, most));
  const score = async (set: GroupedSet): Promise<Score> => {
    const { loss, correct } = await evaluateSet(host, network, set, losses);
    return { objective: loss / set.examples + penalty, correct, examples: set.examples };
  };
  try {
    // One after the other: there is scratch memory for one set at a time.
    return { train: await score(train), test: await score(test) };
  } finally {
    arena.free(losses);
  }
}

async function squaredNorm(host: KernelHost, network: KernelNetwork): Promise<number> {
  await host.execute({ name: "measureNorms", args: [network.address] });
  return network.squaredNorms().reduce((a, b) => a + b, 0);
}

async function evaluateSet(
  { execute, memory }: KernelHost,
  network: KernelNetwork,
  set: GroupedSet,
  losses: number,
): Promise<{ loss: number; correct: number }> {
  const { examples } = set;
  const correct = await execute(evaluationCall(network, set, examples, losses));
  const sums = new Float64Array(memory.buffer, losses + 8 * examples, evaluationChunks(examples));
  return { loss: sums.reduce((a, b) => a + b, 0), correct };
}
