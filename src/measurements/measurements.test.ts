// Measurements against PyTorch's and NumPy's (test/reference/make-measurements.py).

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { noise, randomProblem } from "../../test/support/problems.ts";
import { atOnce } from "../base/parts.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { functionsOf, type MODEL_PARTS, type TRAINING_PARTS } from "../model/parts.ts";
import { specificationOf, type TrialSpecification } from "../model/trial.ts";
import { namedStream } from "../random/named.ts";
import { hessianProduct, parameterCount } from "./hessian.ts";
import { largestEigenvalue } from "./lanczos.ts";
import { inner } from "./matrices.ts";
import type { Measured } from "./measurement.ts";
import { MeasuredNetwork, type MeasuredExamples } from "./network.ts";
import { LANCZOS, sharpnessOf } from "./sharpness.ts";
import { choiceNamed, measurementOf, MEASUREMENTS, nameOf, type MeasurementName } from "./table.ts";

interface Hessian {
  activation: keyof (typeof MODEL_PARTS)["activation"]["table"];
  objective: keyof (typeof TRAINING_PARTS)["objective"]["table"];
  hidden: number[];
  bias: boolean;
  regularization: number;
  examples: number;
  largest: number;
  projection: number;
}

type Network = { hidden: number[]; bias: boolean } & Record<
  Exclude<MeasurementName, "sharpness">,
  number[]
>;

const { hessians, networks } = JSON.parse(
  readFileSync(new URL("../../test/reference/measurements.json", import.meta.url), "utf8"),
) as { hessians: Hessian[]; networks: Network[] };

const EXAMPLES = 70;
const TEST = 9;

const doubled = ({ weights, biases }: Parameters): Parameters => ({
  weights: weights.map((matrix) => matrix.map((value) => 2 * value)),
  biases,
});

/** As measured: the start, with its weights doubled. */
function measured(
  { hidden, bias, activation, objective, regularization }: Omit<Hessian, "largest" | "projection">,
  change: (start: Parameters) => Parameters = (start) => start,
): Measured {
  const shape: Shape = { inputs: 5, hidden, classes: 3, ...(!bias && { bias }) };
  const { start, data } = randomProblem(shape, EXAMPLES, 1);
  const specification = specificationOf({
    data: { dataset: "", train_examples: EXAMPLES },
    model: { hidden, activation, init_std: 1, bias: bias ? undefined : bias },
    training: { learning_rate: 1, regularization, objective },
    streams: { kind: "named", study_seed: 0, seed: 1 },
  });
  const functions = functionsOf({ model: { activation }, training: { objective } });
  // Rows that are longer than what counts of them.
  const stride = 8;
  const inputs = new Float32Array(EXAMPLES * stride).fill(NaN);
  for (let n = 0; n < EXAMPLES; n++) inputs.set(data.inputs.subarray(5 * n, 5 * n + 5), stride * n);
  const train: MeasuredExamples = {
    examples: EXAMPLES,
    size: 5,
    inputs,
    stride,
    labels: data.labels,
  };
  return {
    ...{ specification, train, sha256 },
    network: new MeasuredNetwork(shape, functions, doubled(change(start))),
    initial: new MeasuredNetwork(shape, functions, change(start)),
    test: () => ({ ...train, examples: TEST }),
  };
}

describe.each(hessians)(
  "$activation, $objective, hidden $hidden, bias $bias, λ $regularization, $examples examples",
  ({ largest, projection, ...facts }) => {
    const trial = measured(facts);
    const { network, train, specification } = trial;
    const size = parameterCount(network.shape);

    test("sharpness is the largest eigenvalue of PyTorch's Hessian", () => {
      const asked = measurementOf({ sharpness: { examples: facts.examples } });
      const [kept] = asked.measure(trial);
      expect(Math.abs(kept / largest - 1)).toBeLessThan(1e-3);
      const near = sharpnessOf(trial, facts.examples, { tolerance: 1e-9, iterations: size });
      expect(Math.abs(near / largest - 1)).toBeLessThan(1e-10);
    });

    test("sharpness begins with the stream lanczos, and ends at 1e-3 or after 100 products", () => {
      const start = atOnce(namedStream(sha256, 0, 1, "lanczos").standardNormals(size));
      const { regularization } = specification.training;
      const product = hessianProduct(network, train, facts.examples, regularization);
      expect(LANCZOS).toEqual({ tolerance: 1e-3, iterations: 100 });
      const wanted = largestEigenvalue(product, Float64Array.from(start), LANCZOS);
      expect(sharpnessOf(trial, facts.examples)).toBe(wanted);
    });

    test("a product with a vector is PyTorch's", () => {
      const next = noise(1);
      const along = Float64Array.from({ length: size }, () => next());
      const onto = Float64Array.from({ length: size }, () => next());
      const { regularization } = specification.training;
      const product = hessianProduct(network, train, facts.examples, regularization);
      expect(Math.abs(inner(onto, product(along)) - projection)).toBeLessThan(1e-10);
      // What was kept of the first one serves the second.
      expect(inner(onto, product(along))).toBe(inner(onto, product(along)));
    });
  },
);

test("Lanczos ends after so many products where nothing has converged", () => {
  // Eigenvalues 1 … 400 and a start that has all of them alike: the largest is not found in a hundred products.
  const size = 400;
  let products = 0;
  const product = (vector: Float64Array) => {
    products++;
    return vector.map((value, i) => value * (i + 1));
  };
  const start = new Float64Array(size).fill(1);
  const found = largestEigenvalue(product, start, { tolerance: 0, iterations: 100 });
  expect(products).toBe(100);
  expect(found).toBeGreaterThan(399);
  expect(found).toBeLessThan(400.001);
});

describe.each(networks)("relu, hidden $hidden, bias $bias", ({ hidden, bias, ...wanted }) => {
  const model = { activation: "relu", objective: "cross-entropy" } as const;
  const trial = measured(
    { ...model, hidden, bias, regularization: 0, examples: EXAMPLES },
    ({ weights, biases }) => ({
      weights,
      biases: biases.map((values, layer) =>
        bias && layer < hidden.length ? values.with(0, -100) : values,
      ),
    }),
  );

  test.each(Object.entries(wanted))("%s", (name, values) => {
    const { measure, columns } = MEASUREMENTS[name as MeasurementName];
    const found = measure(trial);
    expect(found).toHaveLength(values.length);
    const tolerance = name === "predictions" ? 1e-7 : 1e-12;
    found.forEach((value, at) => {
      expect(Math.abs(value - values[at])).toBeLessThan(tolerance);
    });
    if (columns) expect(new Set(columns(hidden)).size).toBe(values.length);
  });
});

test("what is kept between products decides no bit", () => {
  const [facts] = hessians.filter(({ hidden }) => hidden.length === 3);
  const { network, train } = measured(facts);
  const vector = new Float64Array(parameterCount(network.shape)).fill(0.1);
  const kept = hessianProduct(network, train, EXAMPLES, 0.1);
  const anew = hessianProduct(network, train, EXAMPLES, 0.1, 0);
  expect(anew(vector)).toEqual(kept(vector));
});

test("the largest eigenvalue is no other one, however large that is", () => {
  const diagonal = [-9, 0.5, 2, 1.999, -9, 0];
  const product = (vector: Float64Array) => vector.map((value, i) => diagonal[i] * value);
  const options = { tolerance: 1e-8, iterations: 6 };
  const start = new Float64Array(6).fill(1);
  expect(largestEigenvalue(product, start, options)).toBeCloseTo(2, 12);
  // Of one product it is the mean over the start's directions.
  expect(largestEigenvalue(product, start, { ...options, iterations: 1 })).toBeCloseTo(-13.501 / 6);
  expect(largestEigenvalue(() => new Float64Array(6), start, options)).toBe(0);
  expect(largestEigenvalue((vector) => vector.fill(NaN), start, options)).toBeNaN();
});

test("a choice has a name of its own", () => {
  expect(nameOf("weight norms")).toBe("weight norms");
  expect(nameOf({ sharpness: { examples: 12 } })).toBe("sharpness 12");
  for (const choice of ["margin", { sharpness: { examples: 12 } }] as const)
    expect(choiceNamed(nameOf(choice))).toEqual(choice);
  for (const name of ["toString", "sharpness x", "margin 12"]) expect(choiceNamed(name)).toBeNull();
  expect(measurementOf({ sharpness: { examples: 12 } }).columns?.([3])).toEqual(["sharpness_12"]);
  expect(measurementOf("preactivations").columns?.([3])).toEqual([
    "preactivation_1",
    "preactivation_2",
    "preactivation_change_1",
    "preactivation_change_2",
  ]);
});

test("the start of a sharpness is of the trial's own stream, or the notebook's", () => {
  const trial = measured(hessians[hessians.length - 1]);
  const once = { tolerance: 1, iterations: 1 };
  const at = (streams: TrialSpecification["streams"]) =>
    sharpnessOf({ ...trial, specification: { ...trial.specification, streams } }, 5, once);
  const named = (seed: number) => at({ kind: "named", study_seed: 0, seed });
  expect(named(1)).not.toBe(named(0));
  expect(at({ kind: "notebook", numpy_seed: 1, torch_seed: 0, after: [] })).toBe(named(0));
});
