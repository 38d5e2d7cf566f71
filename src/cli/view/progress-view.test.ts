import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import type { StudyEvent } from "../../study/run.ts";
import { openProgressView } from "./progress-view.ts";
import type { Progress } from "./progress.ts";

const PASSED = {
  kind: "passed",
  planned: {} as PlannedTrial,
  row: { averages: [2.3] },
} as unknown as StudyEvent;

/** A view of a progress that tells "line" of every event and draws "frame". */
function view(screen: { isTTY?: boolean }, env: NodeJS.ProcessEnv, verbose = false) {
  const stderr = Object.assign(new PassThrough(), { columns: 40, rows: 10 }, screen);
  let written = "";
  stderr.on("data", (chunk: Buffer) => (written += chunk.toString()));
  const clock = { now: 0, drawings: 0 };
  const progress = {
    observe: () => ["line"],
    averageLines: ({ kind }: StudyEvent) => (kind === "passed" ? ["average"] : []),
    lines: () => {
      clock.drawings++;
      return ["frame"];
    },
  } as unknown as Progress;
  const now = () => clock.now;
  const opened = openProgressView(progress, { stderr, env, now }, { verbose });
  return { ...opened, clock, written: () => written };
}

const PLANNED: StudyEvent = { kind: "planned", trials: [], dataset: DATASET_SIZES };

test("a terminal is drawn on ten times a second at most, and at the end", () => {
  const { onEvent, close, clock, written } = view({ isTTY: true }, {});
  for (clock.now = 0; clock.now < 1000; clock.now++) onEvent(PLANNED);
  expect(clock.drawings).toBe(10);
  close();
  expect(clock.drawings).toBe(11);
  expect(written()).toContain("frame");
  expect(written()).not.toContain("line");
});

test.each([
  { TERM: "xterm-256color", CI: "false" },
  { TERM: "xterm-color" },
  // It asks for no colours, and there are none.
  { TERM: "xterm-256color", NO_COLOR: "1" },
])("a terminal is one, whatever else is set (%#)", (env) => {
  const { onEvent, close, written } = view({ isTTY: true }, env);
  onEvent(PLANNED);
  close();
  expect(written()).toContain("frame");
});

test.each([
  [{}, {}],
  [{ isTTY: true }, { TERM: "dumb" }],
  [{ isTTY: true }, { TERM: "xterm-color", JPY_PARENT_PID: "7" }],
  [{ isTTY: true }, { TERM: "xterm-color", JPY_SESSION_NAME: "/a/notebook.ipynb" }],
  [{ isTTY: true }, { TERM: "xterm-color", GIT_PAGER: "cat", PAGER: "cat" }],
  [{ isTTY: true }, { TERM: "xterm-256color", CI: "true" }],
])("elsewhere there are plain lines (%#)", (screen, env) => {
  const { onEvent, onProblem, close, written } = view(screen, env);
  onEvent(PLANNED);
  onEvent(PASSED);
  onProblem("a record is damaged");
  close();
  expect(written()).toBe("line\nline\na record is damaged\n");
});

test("--verbose tells running averages, on a terminal above what is redrawn", () => {
  const plain = view({}, {}, true);
  plain.onEvent(PASSED);
  expect(plain.written()).toBe("average\nline\n");
  const terminal = view({ isTTY: true }, {}, true);
  terminal.onEvent(PASSED);
  terminal.close();
  expect(terminal.written()).toMatch(/average\n.*frame/s);
});
