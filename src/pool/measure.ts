// Measures a trial's networks where its kernel calls are made: its examples lie in the kernel's memory already.

import { withPauses } from "../base/parts.ts";
import type { Sha256 } from "../base/sha256.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import type { Measured } from "../measurements/measurement.ts";
import { measurementOf, type MeasurementChoice } from "../measurements/table.ts";
import { MeasuredNetwork, type MeasuredExamples } from "../measurements/network.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { functionsOf } from "../model/parts.ts";
import { shapeOf, type Trial, type TrialSpecification } from "../model/trial.ts";
import type { GroupedSet, PreparedExamples } from "../training/examples.ts";
import { trialDraws } from "../training/streams.ts";
import type { Turn } from "./pool.ts";
import type { TrainingContext } from "./train-trial.ts";

/** All that measuring takes, for whoever has the memory that its addresses are of. */
export interface MeasuringCall {
  readonly specification: TrialSpecification;
  readonly shape: Shape;
  readonly choices: readonly MeasurementChoice[];
  readonly parameters: Parameters;
  /** Before training. */
  readonly initial: Parameters;
  readonly examples: Pick<PreparedExamples, "train" | "test" | "rows">;
}

/** In the order of the choices. */
export function measureIn(
  memory: Pick<WebAssembly.Memory, "buffer">,
  { choices, ...call }: MeasuringCall,
  sha256: Sha256,
): (Float64Array | Float32Array)[] {
  const measured = measuredIn(memory, call, sha256);
  return choices.map((choice) => measurementOf(choice).measure(measured));
}

/** As much work as measuring a trained network typically is. */
export function rehearseIn(
  memory: Pick<WebAssembly.Memory, "buffer">,
  { choices, ...call }: MeasuringCall,
  sha256: Sha256,
): void {
  const measured = measuredIn(memory, call, sha256);
  for (const choice of choices) measurementOf(choice).rehearsal?.run(measured);
}

/** What measurements are functions of, in the kernel's memory. */
function measuredIn(
  { buffer }: Pick<WebAssembly.Memory, "buffer">,
  { specification, shape, parameters, initial, examples }: Omit<MeasuringCall, "choices">,
  sha256: Sha256,
): Measured {
  const functions = functionsOf(specification);
  const { train, test, rows } = examples;
  const stride = paddedInputs(shape.inputs);
  return {
    ...{ specification, sha256 },
    network: new MeasuredNetwork(shape, functions, parameters),
    initial: new MeasuredNetwork(shape, functions, initial),
    train: {
      examples: train.examples,
      size: shape.inputs,
      inputs: new Float32Array(buffer, rows, train.examples * stride),
      stride,
      labels: new Uint8Array(buffer, train.labels, train.examples),
    },
    test: () => ungrouped(buffer, test, shape.inputs),
  };
}

/** A set in its own order again. */
function ungrouped(
  buffer: ArrayBufferLike,
  { examples, groups, indices, labels }: GroupedSet,
  size: number,
): MeasuredExamples {
  const width = paddedInputs(size);
  const places = new Uint32Array(buffer, indices, examples);
  const grouped = new Float32Array(buffer, groups, Math.ceil(examples / 8) * 8 * width);
  const inputs = new Float32Array(examples * size);
  places.forEach((place, n) => {
    const begin = (n >> 3) * 8 * width + (n & 7);
    for (let k = 0; k < size; k++) inputs[place * size + k] = grouped[begin + 8 * k];
  });
  return { examples, size, inputs, stride: size, labels: new Uint8Array(buffer, labels, examples) };
}

/** A turn's `measure`, which has `execute` do the work. */
export function measuring(
  trial: Trial,
  { host, dataset, examples, given, sha256, pause }: TrainingContext,
  execute: (call: MeasuringCall) => Promise<readonly (Float64Array | Float32Array)[]>,
): Turn["measure"] {
  const { specification } = trial;
  const shape = shapeOf(trial, dataset);
  let begin: Promise<Parameters> | undefined;
  return async (parameters, choices) => {
    const draws = trialDraws(specification, shape, dataset.train.examples, sha256, given);
    begin ??= withPauses(draws.start(), pause).then((start) => start.parameters);
    const initial = await begin;
    const lease = await examples.borrow(host, specification, draws);
    const { train, test, rows } = lease.examples;
    try {
      const call = { specification, shape, choices, parameters, initial };
      return await execute({ ...call, examples: { train, test, rows } });
    } finally {
      lease.release();
    }
  };
}
