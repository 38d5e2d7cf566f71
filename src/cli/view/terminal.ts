// What is known of the screen that progress is shown on.

/** A stream that may be a terminal; the sizes are in characters. */
export type Screen = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Least milliseconds between two drawings. */
export const FRAME = 100;

/** Whether lines can be redrawn in place, and somebody looks on while they are. */
export function isTerminal({ isTTY = false }: Screen, env: NodeJS.ProcessEnv): boolean {
  return isTTY && env.TERM !== "dumb" && !isNotebook(env) && !isContinuousIntegration(env);
}

/**
 * Whether a notebook's cell shows the output. Its kernel gives commands a terminal that shows control codes as they
 * are; Jupyter tells its kernels their parent, and a kernel of IPython's, whoever starts it, wants no pager.
 */
function isNotebook({ JPY_PARENT_PID, JPY_SESSION_NAME, TERM, GIT_PAGER }: NodeJS.ProcessEnv) {
  return (
    JPY_PARENT_PID !== undefined ||
    JPY_SESSION_NAME !== undefined ||
    (TERM === "xterm-color" && GIT_PAGER === "cat")
  );
}

/** By the variable that all of these services set: their logs keep every frame. */
function isContinuousIntegration({ CI = "" }: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes(CI);
}

/** The screen's size; a terminal that does not know it says 0. */
export function sizeOf({ columns = 0, rows = 0 }: Screen): Size {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}
