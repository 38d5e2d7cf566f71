// Every schedule, by its name in studies and specifications.

export { constant } from "./constant.ts";
