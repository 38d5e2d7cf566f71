// A network in linear memory: where its numbers lie. src/kernel/kernel-network.ts writes what is read here.
//
// The kernel keeps nothing between calls: instances on several threads may share one memory.

// @ts-ignore: decorator
@inline
export function inputs(net: usize): i32 {
  return load<i32>(net, 0);
}
// Inputs padded to a multiple of 4.
// @ts-ignore: decorator
@inline
export function paddedInputs(net: usize): i32 {
  return load<i32>(net, 4);
}
// Number of weight matrices: hidden layers + 1.
// @ts-ignore: decorator
@inline
export function layers(net: usize): i32 {
  return load<i32>(net, 8);
}
// Steps in a block: 8 or 16.
// @ts-ignore: decorator
@inline
export function blockSize(net: usize): i32 {
  return load<i32>(net, 12);
}
// @ts-ignore: decorator
@inline
export function learningRate(net: usize): f32 {
  return load<f32>(net, 16);
}
// Whether training goes on after an objective that is not finite.
// @ts-ignore: decorator
@inline
export function trainsPastDivergence(net: usize): bool {
  return load<i32>(net, 20) != 0;
}
// λ
// @ts-ignore: decorator
@inline
export function regularization(net: usize): f64 {
  return load<f64>(net, 24);
}
// (B + 1) float32: α⁰, α¹, … of the first layer.
// @ts-ignore: decorator
@inline
export function decayPowers(net: usize): usize {
  return load<u32>(net, 32);
}
// (B / 8, d padded, 8): the block's inputs, eight examples side by side.
// @ts-ignore: decorator
@inline
export function blockInputs(net: usize): usize {
  return load<u32>(net, 36);
}
// (B / 8, B, 8): inner products of the block's inputs, at (j / 8, i, j mod 8) that of i and an earlier j.
// @ts-ignore: decorator
@inline
export function gram(net: usize): usize {
  return load<u32>(net, 40);
}
// (panels, B, 8): first-layer products with the weights of the block's start.
// @ts-ignore: decorator
@inline
export function blockProducts(net: usize): usize {
  return load<u32>(net, 44);
}
// (panels, B, 8): η · gradient of each step with respect to its first-layer pre-activations.
// @ts-ignore: decorator
@inline
export function gradients(net: usize): usize {
  return load<u32>(net, 48);
}
// (panels · 8): the first layer's biases at the block's start.
// @ts-ignore: decorator
@inline
export function startBiases(net: usize): usize {
  return load<u32>(net, 52);
}
// (B): what each earlier gradient of the block is multiplied with at this step.
// @ts-ignore: decorator
@inline
export function coefficients(net: usize): usize {
  return load<u32>(net, 56);
}
// (layers) float64: ‖W‖² of each matrix, carried along where λ ≠ 0.
// @ts-ignore: decorator
@inline
export function squaredNorms(net: usize): usize {
  return load<u32>(net, 60);
}
// (panels, 64, 8): first-layer products of the examples under evaluation.
// @ts-ignore: decorator
@inline
export function evaluationProducts(net: usize): usize {
  return load<u32>(net, 64);
}
// (panels, 8): zeros, which sums start with.
// @ts-ignore: decorator
@inline
export function zeros(net: usize): usize {
  return load<u32>(net, 68);
}
// (panels, 8): what the sums of the examples under evaluation start with.
// @ts-ignore: decorator
@inline
export function evaluationStarts(net: usize): usize {
  return load<u32>(net, 72);
}
// (B) float32: the first layer's factor times α⁰, α¹, …
// @ts-ignore: decorator
@inline
export function ratedPowers(net: usize): usize {
  return load<u32>(net, 76);
}
// The activation's and the objective's codes: activations.ts, objectives.ts.
// @ts-ignore: decorator
@inline
export function activation(net: usize): i32 {
  return load<i32>(net, 80);
}
// @ts-ignore: decorator
@inline
export function objective(net: usize): i32 {
  return load<i32>(net, 84);
}
// The network of the same shape that is evaluated together with this one and those before it; 0 where there is none.
// @ts-ignore: decorator
@inline
export function nextEvaluated(net: usize): usize {
  return load<u32>(net, 172);
}
// Of how many examples an evaluation has predicted the label.
// @ts-ignore: decorator
@inline
export function predictedRight(net: usize): usize {
  return net + 176;
}

// One entry of 128 bytes for each weight matrix.
// @ts-ignore: decorator
@inline
export function layer(net: usize, index: i32): usize {
  return net + 192 + <usize>(index << 7);
}
// Outputs, logical and padded (the first layer's to a multiple of 8, the others' to 4).
// @ts-ignore: decorator
@inline
export function outputs(layer: usize): i32 {
  return load<i32>(layer, 0);
}
// @ts-ignore: decorator
@inline
export function paddedOutputs(layer: usize): i32 {
  return load<i32>(layer, 4);
}
// Padded outputs of the layer below; for the first layer the padded inputs.
// @ts-ignore: decorator
@inline
export function paddedFrom(layer: usize): i32 {
  return load<i32>(layer, 8);
}
// First layer: (panels, d padded, 8). Others: (from / 4, outputs padded, 4).
// @ts-ignore: decorator
@inline
export function weights(layer: usize): usize {
  return load<u32>(layer, 12);
}
// (outputs padded); the padding of the last layer's holds −∞ under a softmax, which gives it nothing then, else 0.
// @ts-ignore: decorator
@inline
export function biases(layer: usize): usize {
  return load<u32>(layer, 16);
}
// (outputs padded): activations of this example; the last layer's are the scores.
// @ts-ignore: decorator
@inline
export function activations(layer: usize): usize {
  return load<u32>(layer, 20);
}
// (outputs padded): η · gradient with respect to this layer's pre-activations.
// @ts-ignore: decorator
@inline
export function layerGradients(layer: usize): usize {
  return load<u32>(layer, 24);
}
// (outputs padded): z of this example in training, and in an evaluation of all layers but the first; the last layer's
// lie where its activations do.
// @ts-ignore: decorator
@inline
export function preactivations(layer: usize): usize {
  return load<u32>(layer, 28);
}
// α = 1 − ηfλ, and as float32.
// @ts-ignore: decorator
@inline
export function decay(layer: usize): f64 {
  return load<f64>(layer, 32);
}
// @ts-ignore: decorator
@inline
export function decay32(layer: usize): f32 {
  return load<f32>(layer, 48);
}
// f: by what the rate of this layer's weights is multiplied, and as float32.
// @ts-ignore: decorator
@inline
export function rateFactor(layer: usize): f64 {
  return load<f64>(layer, 40);
}
// @ts-ignore: decorator
@inline
export function rateFactor32(layer: usize): f32 {
  return load<f32>(layer, 52);
}
// Inputs, logical.
// @ts-ignore: decorator
@inline
export function from(layer: usize): i32 {
  return load<i32>(layer, 60);
}
// By what the rate of this layer's biases is multiplied; 0 where there are none.
// @ts-ignore: decorator
@inline
export function biasFactor(layer: usize): f32 {
  return load<f32>(layer, 56);
}
