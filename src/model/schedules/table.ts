// Every schedule, by its name in studies and specifications. Without one the rate stays as it is.

export { cosine } from "./cosine.ts";
export { inverseSquareRoot as "inverse square root" } from "./inverse-square-root.ts";
export { steps } from "./steps.ts";
