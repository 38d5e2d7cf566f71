// A labelled image data set in memory, as its files hold it. Knows nothing of where they came from.

export interface LabelledImages {
  /** Number of examples n. */
  readonly examples: number;
  /** Values per example d (rows × columns). */
  readonly size: number;
  /** (n, d), row-major, 0 to 255. */
  readonly pixels: Uint8Array;
  /** (n), class indices. */
  readonly labels: Uint8Array;
}

export interface Dataset {
  readonly name: string;
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 over the SHA-256 digests of its files in the order of their names' list; hex. */
  readonly digest: string;
}
