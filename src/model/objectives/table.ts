// Every objective, by its name in studies and specifications.

export { crossEntropy as "cross-entropy" } from "./cross-entropy.ts";
