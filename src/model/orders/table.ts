// Every order of a pass's examples, by its name in studies and specifications.

export { withReplacement as "with replacement" } from "./with-replacement.ts";
export { shuffled } from "./shuffled.ts";
export { inOrder as "in order" } from "./in-order.ts";
