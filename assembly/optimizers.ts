// How numbers are moved by the sums of a step's gradients: each optimizer by its code.

import { exactLearningRate, firstFloor, momentumFactor, optimizer } from "./batches/batch-network";
import { adam } from "./optimizers/adam";
import { momentum, plain } from "./optimizers/sgd";

// SGD without and with momentum.
export const PLAIN = 0;
const NESTEROV = 2;
const ADAM = 3;

// By what an example's gradient with respect to the scores is multiplied in a step of m: of plain SGD η/m, else 1/m.
export function shareOf(net: usize, m: i32): f32 {
  return <f32>((optimizer(net) == PLAIN ? exactLearningRate(net) : 1.0) / <f64>m);
}

// Moves `bytes` of weights or biases w by g; first and second are what the optimizer keeps of them. rule: three float32, λ, by
// what they are multiplied first, and their rate or, of plain SGD and Adam, the layer's factor on it. stepRates: two float32 of
// this step, for Adam.
export function move(
  net: usize,
  rule: usize,
  w: usize,
  bytes: usize,
  g: usize,
  first: usize,
  second: usize,
  stepRates: usize,
): void {
  const code = optimizer(net);
  const end = w + bytes;
  const lambda = load<f32>(rule);
  const kept = load<f32>(rule, 4);
  const rate = load<f32>(rule, 8);
  if (code == PLAIN) plain(w, end, g, kept, rate);
  else if (code == ADAM) adam(net, w, end, g, first, second, lambda, kept, load<f32>(stepRates) * rate, load<f32>(stepRates, 4));
  else momentum(w, end, g, first, lambda, momentumFactor(net), rate, firstFloor(net), code == NESTEROV);
}
