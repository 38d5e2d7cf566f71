// MNIST-1D: ten one-dimensional digits, stretched, shifted and made noisy (S. Greydanus, D. Kobak, "Scaling down deep
// learning with MNIST-1D", ICML 2024). The numbers are those of its authors' package `mnist1d`, to the rounding.

import * as z from "zod";
import { expected, number } from "../../base/fields.ts";
import { inParts, PART, withPauses, type Parts } from "../../base/parts.ts";
import { exp } from "../../model/elementary.ts";
import { NumpyRandomState } from "../../random/numpy.ts";
import type { Undigested } from "../digest.ts";
import { checkSizes, integer, MAX_VALUES, refusal, SEED, split } from "./generated.ts";
import { generated } from "./set.ts";

/** Names, meanings and defaults are the package's. */
const SETTINGS = {
  /** As many of each digit as fit: the rest of the division by ten is dropped. */
  num_samples: integer(10, MAX_VALUES).default(5000),
  /** Share of the examples that are for training; their number is rounded down. */
  train_split: number("a number above 0 and below 1", {
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  }).default(0.8),
  /** A padded digit is stretched to this many values and the second padding. */
  template_len: integer(0, MAX_VALUES).default(12),
  /** Fewest and most zeros after a digit's twelve values. */
  padding: z
    .tuple([integer(0, MAX_VALUES), integer(0, MAX_VALUES)], {
      error: expected("two integers, the fewest and the most zeros"),
    })
    .default([36, 60]),
  scale_coeff: coefficient().default(0.4),
  /** Above the largest shift. */
  max_translation: integer(1, MAX_VALUES).default(48),
  corr_noise_scale: coefficient().default(0.25),
  iid_noise_scale: coefficient().default(0.02),
  shear_scale: coefficient().default(0.75),
  /** Whether the values of an example change places, in all examples alike. */
  shuffle_seq: z.boolean({ error: expected("true or false") }).default(false),
  /** Values of an example. */
  final_seq_length: integer(1, MAX_VALUES).default(40),
  seed: SEED.default(42),
};

type Settings = z.output<z.ZodObject<typeof SETTINGS>>;

export const MNIST_1D = generated(SETTINGS, (settings, { pause }) =>
  withPauses(mnist1d(settings), pause),
);

const DIGITS = [
  [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
  [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
  [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
  [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
  [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
  [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
  [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
  [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
  [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
  [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
];

/** Added to a template, which tells its zeros from the padding's. */
const EPSILON = 1e-8;

/** The filter that correlates noise has deviation 2 and reaches four of them far: its weights at distances 0, 1, … 8. */
const GAUSSIAN = normalizedGaussian(2, 8);

/**
 * The examples, float32, with labels 0 to 9; yields about every 2²⁰ draws.
 * @throws InputError where the settings make no data set: an empty, a huge or a constant one.
 */
function* mnist1d(settings: Settings): Parts<Undigested> {
  const { final_seq_length: size, padding, template_len, train_split } = settings;
  const perDigit = Math.floor(settings.num_samples / DIGITS.length);
  const examples = perDigit * DIGITS.length;
  const train = Math.floor(examples * train_split);
  const stretched = template_len + padding[1];
  checkSizes("mnist-1d", train, examples - train, Math.max(size, stretched, ...padding));
  if (stretched === 0 || (stretched === 1 && size > 1))
    throw refusal(
      "mnist-1d",
      `template_len and the second padding make ${stretched} of the 2 or more values that ${size} are interpolated between; expected a larger template_len`,
    );

  const random = new NumpyRandomState(settings.seed);
  const templates = DIGITS.map(template);
  const signals: Float64Array[] = [];
  yield* inParts(
    examples,
    (from, to) => {
      for (let example = from; example < to; example++)
        signals.push(transform(templates[Math.floor(example / perDigit)], settings, random));
    },
    Math.ceil(PART / stretched),
  );
  const order = random.permutation(examples);
  const places = settings.shuffle_seq ? random.permutation(size) : null;

  if (signals.every((signal) => signal.every((value) => value === signals[0][0])))
    throw refusal(
      "mnist-1d",
      "all values of all examples are alike; expected noise, or more of an example",
    );
  const { mean, deviation } = statistics(signals);
  const values = new Float32Array(examples * size);
  order.forEach((example, row) => {
    for (let at = 0; at < size; at++) {
      const value = signals[example][places?.[at] ?? at];
      values[row * size + at] = (value - mean) / deviation;
    }
  });
  const labels = new Uint8Array(order.map((example) => Math.floor(example / perDigit)));
  return { classes: DIGITS.length, ...split(values, labels, train) };
}

/** A digit with deviation 1/6 that begins at 0. */
function template(digit: readonly number[]): Float64Array {
  const { mean, deviation } = statistics([Float64Array.from(digit)]);
  const whitened = digit.map((value) => (value - mean) / deviation);
  return Float64Array.from(whitened, (value) => (value - whitened[0]) / 6);
}

/** One example from a template, (12) → (final_seq_length). Draws in the package's order. */
function transform(
  template: Float64Array,
  settings: Settings,
  random: NumpyRandomState,
): Float64Array {
  const [fewest, most] = settings.padding;
  const zeros = fewest + Math.trunc(random.random() * (most - fewest + 1));
  const padded = new Float64Array(template.length + zeros);
  padded.set(template.map((value) => value + EPSILON));

  const stretched = interpolate(padded, settings.template_len + most);
  const length = stretched.length;
  const factor = 1 + settings.scale_coeff * (random.random() - 0.5);
  const scaled = stretched.map((value) => value * factor);
  const drawn = random.randint(settings.max_translation);
  const shift = drawn < length ? drawn : 0; // as the package's slices do
  const signal = scaled.map((_, at) => scaled[(at - shift + length) % length]);

  const normals = (scale: number) => {
    const values = new Float64Array(length);
    for (let at = 0; at < length; at++) values[at] = scale * random.standardNormal();
    return values;
  };
  const correlated = normals(settings.corr_noise_scale);
  const white = normals(settings.iid_noise_scale);
  const tilt = settings.shear_scale * (random.random() - 0.5);
  const places = linspace(-0.5, 0.5, length);
  const noisy = signal.map((value, at) => {
    const carried = value !== 0 ? value : smooth(correlated, at);
    return carried + white[at] - tilt * places[at];
  });
  return interpolate(noisy, settings.final_seq_length);
}

/** `signal` at `length` places that are as far apart as its own, from its first value to its last; linear between them. */
function interpolate(signal: Float64Array, length: number): Float64Array {
  const knots = linspace(0, 1, signal.length);
  let left = 0;
  return linspace(0, 1, length).map((place) => {
    while (left + 1 < knots.length && knots[left + 1] <= place) left++;
    // A value on a knot is the knot's: whether it is exactly 0 decides what noise it gets.
    if (knots[left] === place) return signal[left];
    const slope = (signal[left + 1] - signal[left]) / (knots[left + 1] - knots[left]);
    return slope * (place - knots[left]) + signal[left];
  });
}

/** NumPy's: start + i · step, step rounded once, and the end as given. */
function linspace(start: number, end: number, count: number): Float64Array {
  const step = (end - start) / (count - 1);
  const places = new Float64Array(count);
  for (let i = 0; i < count; i++) places[i] = i * step + start;
  places[0] = start;
  if (count > 1) places[count - 1] = end;
  return places;
}

/** The filtered value at one place; beyond its ends the signal is mirrored, its last value twice. */
function smooth(signal: Float64Array, at: number): number {
  const period = 2 * signal.length;
  const mirrored = (place: number) => {
    const within = ((place % period) + period) % period;
    return signal[Math.min(within, period - 1 - within)];
  };
  let sum = GAUSSIAN[0] * signal[at];
  for (let far = 1; far < GAUSSIAN.length; far++)
    sum += GAUSSIAN[far] * (mirrored(at - far) + mirrored(at + far));
  return sum;
}

function normalizedGaussian(deviation: number, reach: number): Float64Array {
  const weights = Float64Array.from({ length: reach + 1 }, (_, far) =>
    exp((-0.5 * far * far) / (deviation * deviation)),
  );
  const total = weights.reduce((sum, weight, far) => sum + (far === 0 ? 1 : 2) * weight, 0);
  return weights.map((weight) => weight / total);
}

/** Mean and deviation (of n, not n − 1) over all values; each row's sum is added to those before it. */
function statistics(rows: readonly Float64Array[]): { mean: number; deviation: number } {
  const count = rows.length * rows[0].length;
  const total = (term: (value: number) => number) =>
    rows.reduce((sum, row) => sum + row.reduce((part, value) => part + term(value), 0), 0);
  const mean = total((value) => value) / count;
  return { mean, deviation: Math.sqrt(total((value) => (value - mean) * (value - mean)) / count) };
}

function coefficient() {
  return number("a number from -1000000 to 1000000", { minimum: -1e6, maximum: 1e6 });
}
