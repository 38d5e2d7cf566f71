// Where a trial stands in its study: the values of the study's axes, and its seed.

export interface Point {
  /** By axis: the width, swept or not, and the paths that the study sweeps (study/axes/axes.ts). */
  readonly values: Readonly<Record<string, number | string>>;
  /** Seed of the named streams; null under the notebook's streams. */
  readonly seed: number | null;
}

/** Of whatever has a point; 0 where it has no hidden layer. */
export function widthOf({ point }: { readonly point: Point }): number {
  return Number(point.values.width);
}

/** "width 32", "width 32 seed 1", "width 32, label noise 0.2 seed 1"; `separator` stands between values and seed. */
export function pointText({ values, seed }: Point, separator = " "): string {
  return [valuesText(values), ...(seed === null ? [] : [`seed ${seed}`])].join(separator);
}

/** "width 32, label noise 0.2" */
export function valuesText(values: Point["values"]): string {
  const axes = Object.keys(values);
  return axes.map((axis) => `${axisName(axis, axes)} ${values[axis]}`).join(", ");
}

/** An axis in words: what its path ends with, "label noise", or the path where another of `axes` ends so, too. */
export function axisName(axis: string, axes: readonly string[]): string {
  const last = lastStep(axis);
  const isAlone = axes.every((other) => other === axis || lastStep(other) !== last);
  return isAlone ? last.replaceAll("_", " ") : axis;
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** Of fields that have a value for each point: "32" of the width alone, "width=32,dataset.label_noise=0.2". */
export function pointKey({ values }: Point): string {
  const places = Object.entries(values);
  if (places.length === 1) return String(places[0][1]);
  return places.map(([axis, value]) => `${axis}=${value}`).join(",");
}
