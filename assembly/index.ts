// The kernel: every floating-point operation of training and evaluation.

export { evaluate } from "./evaluation";
export { trainBatches } from "./batches/batches";
export { train } from "./blocked";
export { measureNorms } from "./norms";
export { standardize, sums } from "./standardize";
// Not called from outside: what is exported stays a function of its own, for which V8 allocates registers apart.
export { affineTile } from "./dense";
export { product4x8, updatePanel } from "./products/tiles";
export { product4x16, product8x8, updatePanels } from "./products/wide-tiles";
export { momentumPanel } from "./products/momentum-tiles";
