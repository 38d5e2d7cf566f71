// What an interval is.

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** The confidence asked for, in (0, 1). */
  readonly level: number;
}

/** Throws RangeError where a level is not in (0, 1). */
export function checkedLevel(level: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`level ${level}: expected one from 0 to 1`);
  return level;
}
