// Every initialization that scales normal weights with a layer's size, by its name in studies. Specifications have the
// deviations that it gives.

export { he } from "./he.ts";
export { lecun } from "./lecun.ts";
export { glorot } from "./glorot.ts";
