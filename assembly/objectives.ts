// Every objective by its code. As with activations, each is a class of which there are no objects.

import { CrossEntropy } from "./objectives/cross-entropy";
import { SquaredError } from "./objectives/squared-error";
import { SquaredErrorOfSoftmax } from "./objectives/squared-error-of-softmax";
import { activations, layer, layerGradients, layers, objective, outputs, paddedOutputs } from "./network";

// One line for each objective.
// @ts-ignore: decorator
@inline
function measure(code: i32, steps: bool, scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
  if (is<CrossEntropy>(code)) return measureOf<CrossEntropy>(steps, scores, end, label, eta, g);
  if (is<SquaredError>(code)) return measureOf<SquaredError>(steps, scores, end, label, eta, g);
  if (is<SquaredErrorOfSoftmax>(code)) return measureOf<SquaredErrorOfSoftmax>(steps, scores, end, label, eta, g);
  return unreachable();
}

// Loss of an example's scores (outputs padded); the layer's gradients are scratch memory.
export function lossOfScores(net: usize, scores: usize, label: i32): f64 {
  const top = layer(net, layers(net) - 1);
  return measure(objective(net), false, scores, scores + (<usize>paddedOutputs(top) << 2), label, 0.0, layerGradients(top));
}

// Loss of an example's scores (outputs, padded to a multiple of four); g = η · its gradient with respect to them.
export function lossAndGradient(net: usize, scores: usize, label: i32, eta: f32, g: usize): f64 {
  const padded = (outputs(layer(net, layers(net) - 1)) + 3) & -4;
  return measure(objective(net), true, scores, scores + (<usize>padded << 2), label, eta, g);
}

// @ts-ignore: decorator
@inline
function is<Objective>(code: i32): bool {
  return changetype<Objective>(0).code == code;
}

// @ts-ignore: decorator
@inline
function measureOf<Objective>(
  steps: bool,
  scores: usize,
  end: usize,
  label: i32,
  eta: f32,
  g: usize,
): f64 {
  const objective = changetype<Objective>(0);
  return steps
    ? objective.step(scores, end, label, eta, g)
    : objective.loss(scores, end, label, g);
}
