// Mutation testing: changes the source in one place, runs the tests that reach it, and tells the changes that no test notices.

import { env } from "node:process";

const { FOLDERS = "analysis,data,questions,random,records,report,study" } = env;
const folders = FOLDERS.split(",");

/**
 * Tests elsewhere that hold what a folder does.
 * @type {Partial<Record<string, string[]>>}
 */
const ELSEWHERE = {
  questions: ["src/report/**/*.test.ts", "src/cli/view/answer.test.ts"],
  report: ["src/questions/**/*.test.ts"],
  study: ["src/cli/commands/studies/*.test.ts", "test/store/gone.test.ts"],
};

/** All that lie in the outermost folder: a folder within it may be held from there. */
const tests = folders.flatMap((folder) => {
  const [outermost] = folder.split("/");
  return [`src/${outermost}/**/*.test.ts`, ...(ELSEWHERE[outermost] ?? [])];
});

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [...folders.map((folder) => `src/${folder}/**/*.ts`), "!**/*.test.ts"],
  testFiles: [...new Set(tests)],
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
