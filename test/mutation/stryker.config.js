// Mutation testing: changes the source in one place, runs the tests that reach it, and tells the changes that no test notices.

import { env } from "node:process";

/** With the tests that lie in them. */
const { FOLDERS = "analysis,data,random,records,report,study" } = env;
const folders = FOLDERS.split(",");

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [...folders.map((folder) => `src/${folder}/**/*.ts`), "!**/*.test.ts"],
  testFiles: folders.map((folder) => `src/${folder}/**/*.test.ts`),
  testRunner: "vitest",
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  // Emptied texts: messages are held where they are printed, and a literal that steers is held by its type.
  mutator: { excludedMutations: ["StringLiteral"] },
  // What is computed once, as a module is loaded, has no tests of its own: each mutant would take a run of all.
  ignoreStatic: true,
  concurrency: 2,
  testRunnerNodeArgs: ["--max-old-space-size=2000"],
  ignorePatterns: ["/dist", "/runs", "/bench", "/assembly"],
  reporters: ["clear-text", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: "reports/mutation.html" },
  jsonReporter: { fileName: "reports/mutation.json" },
};
