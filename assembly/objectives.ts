// Every objective by its code. As with activations, each is a class of which there are no objects.

import { CrossEntropy } from "./objectives/cross-entropy";
import { SquaredError } from "./objectives/squared-error";
import { SquaredErrorOfSoftmax } from "./objectives/squared-error-of-softmax";
import { layer, layers, objective, outputs } from "./network";

// One line for each objective. labels: the same in all lanes where it is `one` example.
// @ts-ignore: decorator
@inline
function measure(code: i32, one: bool, steps: bool, scores: usize, end: usize, labels: v128, eta: f32, out: usize): f64 {
  if (is<CrossEntropy>(code)) return measureOf<CrossEntropy>(one, steps, scores, end, labels, eta, out);
  if (is<SquaredError>(code)) return measureOf<SquaredError>(one, steps, scores, end, labels, eta, out);
  if (is<SquaredErrorOfSoftmax>(code)) return measureOf<SquaredErrorOfSoftmax>(one, steps, scores, end, labels, eta, out);
  return unreachable();
}

// Loss of an example's scores (outputs, padded to a multiple of four); g = η · its gradient with respect to them.
export function lossAndGradient(net: usize, scores: usize, label: i32, eta: f32, g: usize): f64 {
  const padded = (outputs(layer(net, layers(net) - 1)) + 3) & -4;
  return measure(objective(net), true, true, scores, scores + (<usize>padded << 2), i32x4.splat(label), eta, g);
}

// Losses (8) float64 of the first `count` of eight examples, at least; scores (outputs, 8), labels (8) int32. Where it `steps`, η · the
// gradients are in the place of the scores then, else what is of no use.
export function lossesOfEight(
  net: usize,
  steps: bool,
  scores: usize,
  count: i32,
  labels: usize,
  eta: f32,
  losses: usize,
): void {
  const end = scores + (<usize>outputs(layer(net, layers(net) - 1)) << 5);
  measure(objective(net), false, steps, scores, end, v128.load(labels), eta, losses);
  if (count > 4) measure(objective(net), false, steps, scores + 16, end, v128.load(labels, 16), eta, losses + 32);
}

// @ts-ignore: decorator
@inline
function is<Objective>(code: i32): bool {
  return changetype<Objective>(0).code == code;
}

// @ts-ignore: decorator
@inline
function measureOf<Objective>(
  one: bool,
  steps: bool,
  scores: usize,
  end: usize,
  labels: v128,
  eta: f32,
  out: usize,
): f64 {
  const objective = changetype<Objective>(0);
  if (one) return objective.step(scores, end, i32x4.extract_lane(labels, 0), eta, out);
  objective.four(steps, scores, end, labels, eta, out);
  return 0.0;
}
