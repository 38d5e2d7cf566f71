// A step of SGD with momentum is linear in a weight and its velocity: (W, V) ← M (W, V) + u g. So a block of steps is too.

export interface MomentumStep {
  /** ηf, with the layer's factor. */
  readonly rate: number;
  /** λ */
  readonly regularization: number;
  /** μ */
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** Each for k = 0 … count, in float64. */
export interface MomentumPowers {
  /** Mᵏ = [[p, q], [r, s]] */
  readonly p: number[];
  readonly q: number[];
  readonly r: number[];
  readonly s: number[];
  /** Mᵏ u = [−c, d] */
  readonly c: number[];
  readonly d: number[];
}

/** Powers of M by repeated multiplication from the left. */
export function momentumPowers(
  { rate, regularization, momentum, nesterov }: MomentumStep,
  count: number,
): MomentumPowers {
  const pulled = nesterov ? rate * (1 + momentum) : rate;
  const carried = nesterov ? rate * (momentum * momentum) : rate * momentum;
  const times = (column: readonly [number, number]): [number, number] => [
    (1 - pulled * regularization) * column[0] + -carried * column[1],
    regularization * column[0] + momentum * column[1],
  ];
  const powers: MomentumPowers = { p: [], q: [], r: [], s: [], c: [], d: [] };
  let [first, second, u]: [number, number][] = [
    [1, 0],
    [0, 1],
    [-pulled, 1],
  ];
  for (let k = 0; k <= count; k++) {
    powers.p.push(first[0]);
    powers.r.push(first[1]);
    powers.q.push(second[0]);
    powers.s.push(second[1]);
    powers.c.push(-u[0]);
    powers.d.push(u[1]);
    [first, second, u] = [times(first), times(second), times(u)];
  }
  return powers;
}
