// Into what training and evaluation are cut: what a second implementation must cut likewise, and what decides no bit.

import type { Stepping } from "../model/optimizers/choice.ts";

/**
 * Steps in a block of the blocked algorithm for a first layer of `width` outputs. Part of the numerics
 * version: it decides the order of rounding.
 */
export function blockSize(width: number): number {
  return width <= 32 ? 8 : 16;
}

/** Steps in a block where a step takes a batch; only SGD's are linear. Part of the numerics version. */
export function stepsOfBlock(width: number, { optimizer, batch = 1 }: Stepping): number {
  return optimizer?.kind === "adam" ? 1 : Math.max(1, Math.floor(blockSize(width) / batch));
}

/** Examples whose evaluation losses are added up in one chunk; part of the numerics version. */
export const EVALUATION_CHUNK = 512;

/** Number of chunks of `examples`. */
export function evaluationChunks(examples: number): number {
  return Math.ceil(examples / EVALUATION_CHUNK);
}

/** Examples whose first-layer products are made at a time in an evaluation; decides no bit. */
export const EVALUATION_BATCH = 64;

/** Examples of a batch that are worked on at a time in training (assembly/batches/batch-network.ts); decides no bit. */
export const SLAB = 128;
