// What the commands see of the world: streams, clock, interruption, and effects.

import type { Effects } from "./effects.ts";
import type { Interruptions } from "./interruption.ts";
import type { Screen } from "./view/terminal.ts";

export interface Context {
  /** Takes results only. */
  readonly stdout: NodeJS.WritableStream;
  /** Takes progress and problems. */
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** See Interruptions. */
  readonly mortally: Interruptions["mortally"];
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
  readonly effects: Effects;
}
