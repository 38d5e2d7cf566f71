// The kernel: every floating-point operation of training and evaluation.

export { evaluate } from "./evaluation";
export { measureNorms, train } from "./training";
