// In which sittings a trial was trained: one for each time that it was begun or gone on with.

/** Who trains: kept beside what is trained, for people. */
export interface Trainer {
  /** Processor and platform. */
  readonly machine: string;
  /** widthwise's and Node's. */
  readonly versions: string;
}

export interface Sitting extends Trainer {
  /** Passes trained before it, and after it. */
  readonly from: number;
  readonly to: number;
  /** Wall seconds. */
  readonly seconds: number;
}

/** Seconds that the first `passes` passes took; of a sitting that goes on after them, their share. */
export function secondsWithin(sittings: readonly Sitting[], passes: number): number {
  return sittings
    .filter(({ from, to }) => from < passes || to === passes)
    .reduce((sum, { from, to, seconds }) => {
      return sum + (to <= passes ? seconds : (seconds * (passes - from)) / (to - from));
    }, 0);
}
