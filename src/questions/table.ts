// The questions that studies can ask. Reports show their sections in this order.

import { biasVariance } from "./metrics/bias-variance.ts";
import { finalMetric } from "./metrics/final-metric.ts";
import { coordinateCheck } from "./dynamics/coordinate-check.ts";
import { learningCurves } from "./learning-curves.ts";
import { learningRate } from "./rates/learning-rate.ts";
import { learningRateSearch } from "./rates/learning-rate-search.ts";
import { learningRateTransfer } from "./rates/learning-rate-transfer.ts";
import { map } from "./map.ts";
import { passesToInterpolate } from "./interpolation/passes-to-interpolation.ts";
import type { Question } from "./question.ts";
import { roundingOrSeed } from "./dynamics/rounding-or-seed.ts";
import { sharpnessAtTheEdge } from "./dynamics/sharpness.ts";
import { smallestWidth } from "./interpolation/smallest-interpolating-width.ts";
import { threshold } from "./interpolation/threshold.ts";

export const QUESTIONS = {
  "learning-curves": learningCurves,
  "smallest-interpolating-width": smallestWidth,
  "passes-to-interpolation": passesToInterpolate,
  "final-metric": finalMetric,
  "bias-variance": biasVariance,
  threshold,
  map,
  "learning-rate": learningRate,
  "learning-rate-transfer": learningRateTransfer,
  "rounding-or-seed": roundingOrSeed,
  "coordinate-check": coordinateCheck,
  sharpness: sharpnessAtTheEdge,
  "learning-rate-search": learningRateSearch,
} satisfies Readonly<Record<string, Question>>;
