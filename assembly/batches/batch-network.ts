// What a network has beside network.ts's that trains by batches or keeps an optimizer's state: every layer lies in panels of
// eight outputs, (panels, inputs padded, 8), and so does what belongs to weights. Rows of examples are (panels, rows, 8).

// Examples that are worked on at a time: so memory is bounded for batches of any size.
export const SLAB = 128;

// Examples of a step; 0 for a network of other training, whose upper layers lie otherwise.
// @ts-ignore: decorator
@inline
export function batch(net: usize): i32 {
  return load<i32>(net, 96);
}
// Steps in a block: more than one where small batches share the first layer's products.
// @ts-ignore: decorator
@inline
export function blockSteps(net: usize): i32 {
  return load<i32>(net, 100);
}
// The optimizer's code: optimizers.ts.
// @ts-ignore: decorator
@inline
export function optimizer(net: usize): i32 {
  return load<i32>(net, 104);
}
// @ts-ignore: decorator
@inline
export function hasBiases(net: usize): bool {
  return load<i32>(net, 108) != 0;
}
// η
// @ts-ignore: decorator
@inline
export function exactLearningRate(net: usize): f64 {
  return load<f64>(net, 112);
}
// μ; for Adam β₁.
// @ts-ignore: decorator
@inline
export function momentumFactor(net: usize): f32 {
  return load<f32>(net, 120);
}
// Adam's 1 − β₁, β₂, 1 − β₂ and ε.
// @ts-ignore: decorator
@inline
export function restOfFirst(net: usize): f32 {
  return load<f32>(net, 124);
}
// @ts-ignore: decorator
@inline
export function secondFactor(net: usize): f32 {
  return load<f32>(net, 128);
}
// @ts-ignore: decorator
@inline
export function restOfSecond(net: usize): f32 {
  return load<f32>(net, 132);
}
// @ts-ignore: decorator
@inline
export function epsilon(net: usize): f32 {
  return load<f32>(net, 136);
}
// (S + 1, 8) float32: p, q, r, s of Mᵏ = [[p, q], [r, s]], then c and d of Mᵏu = [−c, d]; two are not used.
// @ts-ignore: decorator
@inline
export function momentumPowers(net: usize): usize {
  return load<u32>(net, 140);
}
// (panels, B, 8): products of the block's examples with the first layer's velocity; at the block's end its scaled gradients.
// @ts-ignore: decorator
@inline
export function velocityProducts(net: usize): usize {
  return load<u32>(net, 144);
}
// (rows / 8, outputs padded, 8) of the widest layer above the first: its gradients in groups.
// @ts-ignore: decorator
@inline
export function groupedGradients(net: usize): usize {
  return load<u32>(net, 148);
}
// Losses of a group of eight examples, (8) float64, and all their labels, (rows) int32.
// @ts-ignore: decorator
@inline
export function lossesOfGroup(net: usize): usize {
  return load<u32>(net, 152);
}
// @ts-ignore: decorator
@inline
export function lossLabels(net: usize): usize {
  return load<u32>(net, 156);
}
// Below what the first and the second of what an optimizer keeps are 0: 2⁻¹⁰⁰ and 2⁻¹²⁰.
// @ts-ignore: decorator
@inline
export function firstFloor(net: usize): f32 {
  return load<f32>(net, 164);
}
// @ts-ignore: decorator
@inline
export function secondFloor(net: usize): f32 {
  return load<f32>(net, 168);
}

// Of a layer: what the optimizer keeps of its weights, then of its biases: the velocity or Adam's first moments, and his second.
// @ts-ignore: decorator
@inline
export function firstState(layer: usize): usize {
  return load<u32>(layer, 64);
}
// @ts-ignore: decorator
@inline
export function firstBiasState(layer: usize): usize {
  return load<u32>(layer, 68);
}
// @ts-ignore: decorator
@inline
export function secondState(layer: usize): usize {
  return load<u32>(layer, 72);
}
// @ts-ignore: decorator
@inline
export function secondBiasState(layer: usize): usize {
  return load<u32>(layer, 76);
}
// (inputs padded / 8, outputs padded, 8): the transpose of an upper layer's weights.
// @ts-ignore: decorator
@inline
export function transposed(layer: usize): usize {
  return load<u32>(layer, 80);
}
// (rows / 8, outputs padded, 8): activations in groups.
// @ts-ignore: decorator
@inline
export function groupedActivations(layer: usize): usize {
  return load<u32>(layer, 84);
}
// Sums of the step's gradients: of the weights, of two panels at a time where a step fits a slab; and of the biases.
// @ts-ignore: decorator
@inline
export function weightSums(layer: usize): usize {
  return load<u32>(layer, 88);
}
// @ts-ignore: decorator
@inline
export function biasSums(layer: usize): usize {
  return load<u32>(layer, 92);
}
// How weights and biases are stepped, each three float32: see optimizers.ts.
// @ts-ignore: decorator
@inline
export function weightRule(layer: usize): usize {
  return layer + 96;
}
// @ts-ignore: decorator
@inline
export function biasRule(layer: usize): usize {
  return layer + 108;
}
