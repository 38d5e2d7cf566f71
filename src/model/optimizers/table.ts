// Every optimizer, by its name in studies and specifications.

export { sgd } from "./sgd.ts";
