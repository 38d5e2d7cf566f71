// Maximal update parametrization relative to a base width, at which it is the standard one: Yang and others, "Tensor
// Programs V", 2022, Table 3. Every hidden layer has the same width.

import type { Parametrization } from "./parametrization.ts";

/** r below is width / baseWidth. */
export const mup = ({
  base_width: baseWidth,
}: {
  readonly base_width: number;
}): Parametrization => ({
  base: (shape) => ({ ...shape, hidden: shape.hidden.map(() => baseWidth) }),
  deviation(std, { hidden }, layer) {
    const r = hidden[0] / baseWidth;
    if (layer === 0) return std;
    return layer === hidden.length ? std / r : std / Math.sqrt(r);
  },
  rates({ hidden }, layer, optimizer) {
    const r = hidden[0] / baseWidth;
    if (optimizer === "adam") return { weights: layer === 0 ? 1 : 1 / r, biases: 1 };
    if (layer === 0) return { weights: r, biases: r };
    return layer === hidden.length ? { weights: 1 / r, biases: 1 } : { weights: 1, biases: r };
  },
});
