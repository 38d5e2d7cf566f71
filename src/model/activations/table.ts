// Every activation, by its name in studies and specifications.

export { relu } from "./relu.ts";
