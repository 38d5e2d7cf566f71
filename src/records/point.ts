// Where a trial stands in its study: the values of the study's axes, and its seed.

export interface Point {
  /** By axis (study/axes.ts), swept or not. */
  readonly values: Readonly<Record<string, number | string>>;
  /** Seed of the named streams; null under the notebook's streams. */
  readonly seed: number | null;
}

/** Of whatever has a point; 0 where it has no hidden layer. */
export function widthOf({ point }: { readonly point: Point }): number {
  return Number(point.values.width);
}

/** "width 32", "width 32 seed 1"; `separator` stands between values and seed. */
export function pointText({ values, seed }: Point, separator = " "): string {
  const places = Object.entries(values).map(([axis, value]) => `${axis} ${value}`);
  return [...places, ...(seed === null ? [] : [`seed ${seed}`])].join(separator);
}
