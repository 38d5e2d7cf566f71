// Every objective, by its name in studies and specifications.

export { crossEntropy as "cross-entropy" } from "./cross-entropy.ts";
export { squaredError as "squared error" } from "./squared-error.ts";
export { squaredErrorOfSoftmax as "squared error of softmax" } from "./squared-error-of-softmax.ts";
