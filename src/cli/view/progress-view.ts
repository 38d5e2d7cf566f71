// Shows progress on stderr: redrawn in place on a terminal, line by line elsewhere.

import { createLogUpdate } from "log-update";
import type { StudyEvent } from "../../study/run.ts";
import type { Context } from "../context.ts";
import type { Progress } from "./progress.ts";
import { FRAME, isTerminal, sizeOf } from "./terminal.ts";

/** Milliseconds between drawings while nothing happens but time. */
const TICK = 500;

export interface ProgressView {
  readonly onEvent: (event: StudyEvent) => void;
  /** Tells of what went wrong without stopping the study. */
  readonly onProblem: (message: string) => void;
  /** Leaves the last state standing and stops drawing. */
  readonly close: () => void;
}

export function openProgressView(
  progress: Progress,
  { stderr, env, now }: Pick<Context, "stderr" | "env" | "now">,
  { verbose }: { readonly verbose: boolean },
): ProgressView {
  const averageLines = (event: StudyEvent) => (verbose ? progress.averageLines(event) : []);
  if (!isTerminal(stderr, env)) {
    return {
      onEvent: (event) => {
        const lines = [...averageLines(event), ...progress.observe(event, now())];
        for (const line of lines) stderr.write(`${line}\n`);
      },
      onProblem: (message) => stderr.write(`${message}\n`),
      close: () => undefined,
    };
  }

  // The cursor stays: hiding it would need handlers of our signals to bring it back.
  const screen = createLogUpdate(stderr, { showCursor: true });
  let drawn = -Infinity;
  const draw = () => {
    drawn = now();
    screen(progress.lines(drawn, sizeOf(stderr)).join("\n"));
  };
  const clock = setInterval(draw, TICK);
  clock.unref();
  return {
    onEvent: (event) => {
      progress.observe(event, now());
      const lines = averageLines(event);
      if (lines.length > 0) screen.persist(lines.join("\n"));
      if (now() - drawn >= FRAME) draw();
    },
    onProblem: (message) => {
      screen.persist(message);
    },
    close: () => {
      clearInterval(clock);
      draw();
      screen.done();
    },
  };
}
