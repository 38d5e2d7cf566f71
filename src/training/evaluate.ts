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
 * whose losses nothing is told then. `losses` is the address of evaluationBytes(network.shape, set.examples, networks), these being
 * the network and those that are evaluated with it.
 */
export function evaluationCall(
  network: KernelNetwork,
  { examples, groups, indices, sharedInputs, labels }: GroupedSet,
  count: number,
  losses: number,
  networks = 1,
): KernelCall {
  const scratch = losses + networks * lossBytes(examples);
  const args = [network.address, groups, indices, sharedInputs, labels, count, losses, scratch];
  return { name: "evaluate", args };
}

/** Bytes that an evaluation writes: a set's losses and their chunks' sums of each network, and activations of the examples under way. */
export function evaluationBytes(shape: Shape, examples: number, networks = 1): number {
  return networks * lossBytes(examples) + 4 * (72 + 2 * 8 * (8 + Math.max(...layerOutputs(shape))));
}

/** A multiple of 16. */
function lossBytes(examples: number): number {
  return 16 * Math.ceil((examples + evaluationChunks(examples)) / 2);
}

/** Share of right predictions, 0 to 1. */
export function accuracy(score: Score): number {
  return score.correct / score.examples;
}

/** Evaluates each `parameters`, of one shape, on both sets, whose examples are fetched from memory once; `networks` are overwritten with them. */
export async function evaluate(
  host: KernelHost,
  networks: readonly KernelNetwork[],
  parameters: readonly Parameters[],
  examples: PreparedExamples,
  regularization: number,
): Promise<{ train: Score; test: Score }[]> {
  const penalties: number[] = [];
  for (const [index, network] of networks.entries()) {
    network.write(parameters[index]);
    network.nextEvaluated = networks.at(index + 1);
    penalties.push(
      regularization === 0 ? 0 : 0.5 * regularization * (await squaredNorm(host, network)),
    );
  }
  const { execute, memory, arena } = host;
  const { train, test } = examples;
  const most = Math.max(train.examples, test.examples);
  const losses = arena.reserve(evaluationBytes(networks[0].shape, most, networks.length));
  const scoresOn = (set: GroupedSet) =>
    networks.map((network, index): Score => {
      const { examples } = set;
      const at = losses + index * lossBytes(examples) + 8 * examples;
      const sums = new Float64Array(memory.buffer, at, evaluationChunks(examples));
      const loss = sums.reduce((a, b) => a + b, 0);
      const objective = loss / examples + penalties[index];
      return { objective, correct: network.predictedRight, examples };
    });
  try {
    // One after the other: there is scratch memory for one set at a time.
    await execute(evaluationCall(networks[0], train, train.examples, losses, networks.length));
    const ofTrain = scoresOn(train);
    await execute(evaluationCall(networks[0], test, test.examples, losses, networks.length));
    const ofTest = scoresOn(test);
    return ofTrain.map((score, index) => ({ train: score, test: ofTest[index] }));
  } finally {
    arena.free(losses);
  }
}

async function squaredNorm(host: KernelHost, network: KernelNetwork): Promise<number> {
  await host.execute({ name: "measureNorms", args: [network.address] });
  return network.squaredNorms().reduce((a, b) => a + b, 0);
}
