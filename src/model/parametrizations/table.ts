// Every parametrization, by its name in studies and specifications.

export { standard } from "./standard.ts";
