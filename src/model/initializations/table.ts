// Every initialization, by its name in studies and specifications.

export { normal } from "./normal.ts";
