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

/** Whether lines can be redrawn in place. */
export function isTerminal({ isTTY = false }: Screen, env: NodeJS.ProcessEnv): boolean {
  return isTTY && env.TERM !== "dumb";
}

/** The screen's size; a terminal that does not know it says 0. */
export function sizeOf({ columns = 0, rows = 0 }: Screen): Size {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}
