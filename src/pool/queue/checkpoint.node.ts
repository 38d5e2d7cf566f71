// A checkpoint as bytes: which network it is of, both sides know.

import type { Shape } from "../../model/network.ts";
import { statesOf } from "../../model/optimizers/choice.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import { NumpyRandomState } from "../../random/numpy.ts";
import { unpackParameters } from "../../records/given-parameters.ts";
import type { Checkpoint } from "../../records/record.ts";

/** uint32 pass, float64 average, and uint32 number of the generator's words. */
const HEAD = 16;

/** The head, the generator's words, the parameters W₁ b₁ W₂ b₂ …, and the optimizer's state alike; little-endian. */
export function checkpointBytes({
  pass,
  parameters,
  state,
  order,
  average,
}: Checkpoint): Uint8Array {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(pass, 0);
  head.writeDoubleLE(average, 4);
  head.writeUInt32LE(order.length, 12);
  const layers = [parameters, ...state].flatMap(({ weights, biases }) =>
    weights.flatMap((matrix, layer) => [matrix, biases[layer]]),
  );
  const parts = [order, ...layers].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([head, ...parts]);
}

/** null where the bytes are no checkpoint of a training of this network. */
export function checkpointOf(
  bytes: Uint8Array,
  { training }: TrialSpecification,
  shape: Shape,
): Checkpoint | null {
  if (bytes.length < HEAD) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [pass, average, words] = [
    view.getUint32(0, true),
    view.getFloat64(4, true),
    view.getUint32(12, true),
  ];
  const from = HEAD + 4 * words;
  const copies = 1 + statesOf(training);
  const size = (bytes.length - from) / copies;
  if (size < 0 || size % 4 !== 0) return null;
  const [parameters, ...state] = Array.from({ length: copies }, (_, at) =>
    unpackParameters(bytes.subarray(from + at * size, from + (at + 1) * size), shape),
  );
  const known = state.filter((one) => one !== null);
  if (parameters === null || known.length < state.length) return null;
  const order = new Uint32Array(bytes.slice(HEAD, from).buffer);
  try {
    NumpyRandomState.restore(order);
  } catch {
    return null;
  }
  return { pass, parameters, state: known, order, average };
}
