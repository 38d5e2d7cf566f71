// The largest eigenvalue of a symmetric matrix that is known by its products with vectors (Lanczos 1950), with full
// reorthogonalization.

import { inner } from "./matrices.ts";

export interface LanczosOptions {
  /** Of the residual, relative to the eigenvalue. */
  readonly tolerance: number;
  /** Products at the most. */
  readonly iterations: number;
}

/**
 * The largest Ritz value θ after the first product with which |H u − θ u| ≤ tolerance · |θ| for its vector u of length 1; of
 * the last product where there is none. NaN where a product is not finite.
 */
export function largestEigenvalue(
  product: (vector: Float64Array) => Float64Array,
  start: Float64Array,
  { tolerance, iterations }: LanczosOptions,
): number {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let next: Float64Array = start.slice();
  let length = Math.sqrt(inner(next, next));
  for (;;) {
    const unit = next.map((value) => value / length);
    basis.push(unit);
    next = product(unit);
    const along = inner(unit, next);
    if (!Number.isFinite(along)) return NaN;
    diagonal.push(along);
    // Twice is enough (Parlett 1980, The Symmetric Eigenvalue Problem, 6.9).
    for (let round = 0; round < 2; round++) for (const one of basis) removeFrom(next, one);
    length = Math.sqrt(inner(next, next));
    const value = largestOfTridiagonal(diagonal, beside);
    const residual = length * lastComponent(diagonal, beside, value);
    const isLast = basis.length === Math.min(iterations, start.length);
    if (residual <= tolerance * Math.abs(value) || isLast) return value;
    beside.push(length);
  }
}

function removeFrom(vector: Float64Array, unit: Float64Array): void {
  const along = inner(unit, vector);
  for (let i = 0; i < vector.length; i++) vector[i] -= along * unit[i];
}

/** Pivots of xI − T up to the first that is not positive. */
function pivots(diagonal: readonly number[], beside: readonly number[], x: number): number[] {
  const found: number[] = [];
  for (const [i, value] of diagonal.entries()) {
    const before = found.at(-1);
    found.push(x - value - (before === undefined ? 0 : (beside[i - 1] * beside[i - 1]) / before));
    if (!(found[i] > 0)) break;
  }
  return found;
}

/** The largest eigenvalue of the tridiagonal T, by bisection down to neighbouring numbers: below x where all pivots are positive. */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  const radii = diagonal.map((_, i) => (beside[i - 1] ?? 0) + (beside[i] ?? 0));
  let low = Math.max(...diagonal);
  let high = Math.max(...diagonal.map((value, i) => value + radii[i]));
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return high;
    const found = pivots(diagonal, beside, middle);
    if (found.length === diagonal.length && (found.at(-1) ?? 0) > 0) high = middle;
    else low = middle;
  }
}

/** The last component of T's eigenvector of length 1 at its largest eigenvalue. */
function lastComponent(
  diagonal: readonly number[],
  beside: readonly number[],
  value: number,
): number {
  const found = pivots(diagonal, beside, value);
  let component = 1;
  let squares = 1;
  for (let i = beside.length - 1; i >= 0; i--) {
    if (!(found[i] > 0)) return 0;
    component *= beside[i] / found[i];
    squares += component * component;
  }
  return 1 / Math.sqrt(squares);
}
