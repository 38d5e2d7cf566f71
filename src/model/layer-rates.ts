// Factors on the learning rate, one for each layer.

/** Of weights and biases alike, or of each. */
export type LayerRates = readonly number[] | RatesByKind;

export interface RatesByKind {
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

/** 1 everywhere where there are none. */
export function ratesByKind(rates: LayerRates | undefined, layers: number): RatesByKind {
  if (rates !== undefined && "weights" in rates) return rates;
  const all = rates ?? Array.from({ length: layers }, () => 1);
  return { weights: all, biases: all };
}

/** As specifications have them: undefined for 1 everywhere, one list where biases have the weights' or are not there. */
export function canonicalRates(
  rates: LayerRates | undefined,
  bias: boolean,
): LayerRates | undefined {
  if (rates === undefined) return undefined;
  const { weights, biases } = ratesByKind(rates, 0);
  const alike = !bias || weights.every((factor, layer) => factor === biases[layer]);
  if (alike) return weights.every((factor) => factor === 1) ? undefined : weights;
  return { weights, biases };
}
