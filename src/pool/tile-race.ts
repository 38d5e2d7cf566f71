// Which tiles a compiled kernel is faster with. Decides no bit of any result.

import { instantiate, kernelMemory } from "../kernel/host.ts";
import { KernelNetwork } from "../kernel/kernel-network.ts";
import { EVALUATION_BATCH } from "../kernel/blocks.ts";
import { evaluationBytes, evaluationCall } from "../training/evaluate.ts";

/** 3 million multiply-adds, about a tenth of a millisecond. */
const SHAPE = { inputs: 784, hidden: [16], classes: 2 };
const EXAMPLES = 256;
const HEATS = 7;

/**
 * Whether tiles for 256-bit registers are faster than those for 128 bits. Measured, they take a fifth less time where the
 * engine fuses operations; where it does not, 6 % (Node 24, no AVX) to 55 % more (Node 20), since 16 registers of 128 bits
 * cannot hold them. `module` must be optimized.
 */
export function wideTilesWin(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  now: () => number,
): boolean {
  const { arena } = kernelMemory(memory);
  const set = {
    examples: EXAMPLES,
    groups: arena.allocate(4 * EXAMPLES * SHAPE.inputs),
    indices: arena.allocate(4 * EXAMPLES),
    sharedInputs: arena.allocate(4 * Math.ceil(EXAMPLES / EVALUATION_BATCH)),
    labels: arena.allocate(EXAMPLES),
  };
  const losses = arena.allocate(evaluationBytes(SHAPE, EXAMPLES));
  const network = new KernelNetwork({ memory, arena }, SHAPE);
  const evaluation = evaluationCall(network, set, EXAMPLES, losses);
  const racers = [false, true].map((wide) => ({
    call: instantiate({ module, wide }, memory),
    fastest: Infinity,
  }));
  for (let heat = 0; heat < HEATS; heat++) {
    for (const racer of racers) {
      const begun = now();
      racer.call(evaluation);
      racer.fastest = Math.min(racer.fastest, now() - begun);
    }
  }
  const [narrow, wide] = racers;
  return wide.fastest < narrow.fastest;
}
