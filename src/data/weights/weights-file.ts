// What files of weights have in common: named arrays, two for each layer.

/** An array as its header tells it. */
export interface WeightsArray {
  /** How errors call it. */
  readonly what: string;
  readonly shape: readonly number[];
  /** Of its numbers, as its format calls it. */
  readonly type: string;
  readonly isFloat: boolean;
  /** Calls `take` with each number and its place, row-major. */
  readonly read: (take: (place: number, value: number) => void) => Promise<void>;
}

export interface WeightsFile {
  readonly names: readonly string[];
  /** Names of the weights and biases of layer `layer` (from 0). */
  readonly namesOf: (layer: number) => { readonly weights: string; readonly biases: string };
  /** Whether an array is one of a layer. */
  readonly isOfLayer: (name: string) => boolean;
  /** Whether weights are (out, in), not (in, out). */
  readonly isTransposed: boolean;
  /** Throws InputError where the file has no array `name`, one of those that are `expected`, or it is malformed. */
  readonly open: (name: string, expected: readonly string[]) => Promise<WeightsArray>;
}

/** What `use` makes of the file at `path`. */
export type WithWeights = <T>(
  path: string,
  signal: AbortSignal | undefined,
  use: (file: WeightsFile) => Promise<T>,
) => Promise<T>;
