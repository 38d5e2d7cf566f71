// Every activation, by its name in studies and specifications.

export { relu } from "./relu.ts";
export { tanh } from "./tanh.ts";
export { linear } from "./linear.ts";
export { square } from "./square.ts";
