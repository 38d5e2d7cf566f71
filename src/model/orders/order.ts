// What an order is. table.ts has all of them by name.

/** The stream of a trial's order. */
export interface OrderSource {
  /** `count` draws from 0 … n − 1. */
  readonly randints: (n: number, count: number) => Uint32Array;
  /** 0 … n − 1 in random order. */
  readonly permutation: (n: number) => Uint32Array;
}

/** The n examples of a pass's steps, as their places in the subset; drawn anew for each pass. */
export type Order = (source: OrderSource, n: number) => Uint32Array;
