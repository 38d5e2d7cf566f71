// ‖W‖² of weight matrices.

import { batch } from "./batches/batch-network";
import {
  from,
  inputs,
  layer,
  layers,
  outputs,
  paddedFrom,
  paddedInputs,
  paddedOutputs,
  squaredNorms,
  weights,
} from "./network";

// ‖W‖² of every weight matrix in float64: the first by panels of eight outputs, the others by groups of four inputs.
export function measureNorms(net: usize): void {
  for (let l = 0; l < layers(net); l++) {
    const at = layer(net, l);
    const norm = l == 0 ? inPanels(at, paddedInputs(net), inputs(net)) : batch(net) != 0 ? inQuads(at) : inMemory(at);
    store<f64>(squaredNorms(net) + (<usize>l << 3), norm);
  }
}

function inPanels(at: usize, rows: i32, used: i32): f64 {
  let sum: f64 = 0.0;
  let w = weights(at);
  for (let panel = 0; panel < paddedOutputs(at) >> 3; panel++) {
    const columns = min(8, outputs(at) - (panel << 3)) << 2;
    for (let row = w; row < w + <usize>(used << 5); row += 32) {
      for (let p = row; p < row + <usize>columns; p += 4) sum += squareAt(p);
    }
    w += <usize>(rows << 5);
  }
  return sum;
}

// A matrix in panels of eight outputs, by groups of four inputs.
function inQuads(at: usize): f64 {
  let sum: f64 = 0.0;
  for (let quad = 0; quad < from(at); quad += 4) {
    const rows = min(4, from(at) - quad);
    for (let c = 0; c < outputs(at); c++) {
      const p = weights(at) + <usize>((((c >> 3) * paddedFrom(at) + quad) << 5) + ((c & 7) << 2));
      for (let row = 0; row < rows; row++) sum += squareAt(p + <usize>(row << 5));
    }
  }
  return sum;
}

function inMemory(at: usize): f64 {
  let sum: f64 = 0.0;
  const end = weights(at) + <usize>((paddedFrom(at) * paddedOutputs(at)) << 2);
  for (let p = weights(at); p < end; p += 4) sum += squareAt(p);
  return sum;
}

// @ts-ignore: decorator
@inline
function squareAt(p: usize): f64 {
  const value = <f64>load<f32>(p);
  return value * value;
}
