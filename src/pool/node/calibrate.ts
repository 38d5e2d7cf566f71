// Measures in a second or two what training and evaluating cost on this machine: real kernel calls on worker
// threads over made-up examples. Its results reach no record.

import { randomFillSync } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { median } from "d3-array";
import { inParts, withPauses, type Parts } from "../../base/parts.ts";
import type { Dataset, LabelledExamples } from "../../data/dataset.ts";
import {
  kernelMemory,
  type Execute,
  type KernelCall,
  type KernelMemory,
} from "../../kernel/host.ts";
import { KernelNetwork } from "../../kernel/kernel-network.ts";
import { layerOutputs, layerWeights, type Parameters, type Shape } from "../../model/network.ts";
import { evaluationBytes, evaluationCall } from "../../training/evaluate.ts";
import { prepareExamples, type PreparedExamples } from "../../training/examples.ts";
import {
  evaluationMultiplyAdds,
  lineThrough,
  stepMultiplyAdds,
  type Calibration,
  type Costs,
} from "../../kernel/cost.ts";
import { startKernelThreads, type KernelThreads } from "./threads.ts";

export interface CalibrationOptions {
  /** Networks that costs are wanted of, at least one; the cheapest and the dearest are measured. */
  readonly shapes: readonly Shape[];
  readonly regularization: number;
  /** Examples that are trained on, and others that are evaluated. */
  readonly train: number;
  readonly test: number;
  /** Workers that will be busy at once; more than processors would only wait for each other. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

/** No processor's cache holds more examples than these 31 MB, so that more of them cost the same. */
const MAX_EXAMPLES = 10_000;

/** Wider layers are measured at this width, and reckoned by multiply-adds. */
const MAX_WIDTH = 4096;

/** Milliseconds of calls after which optimized code runs. */
const WARM_UP = 250;

/** Milliseconds that a timed call should take. */
const CALL = 20;

/** Timed calls of one kind on one network. */
const CALLS = 9;

/** Steps or examples of a first, short call, which tells how many a timed one takes. */
const PILOT = 64;

/** A network's copies, one for each worker, and the calls that measure them. */
interface Bench {
  readonly shape: Shape;
  readonly train: MakeCall;
  readonly evaluate: MakeCall;
}

/** A worker's copy of a network; the rest are addresses. */
interface Desk {
  readonly network: KernelNetwork;
  readonly order: number;
  readonly objectives: number;
  readonly losses: number;
}

/** A call for one of the workers, of so many steps or examples. */
type MakeCall = (worker: number, units: number) => KernelCall;

/**
 * Throws WidthwiseError where the kernel has not been built, or memory does not suffice, and the signal's reason where
 * that aborts.
 */
export async function calibrate(options: CalibrationOptions): Promise<Calibration> {
  const { workers, regularization, signal } = options;
  const train = Math.min(options.train, MAX_EXAMPLES);
  const test = Math.min(options.test, MAX_EXAMPLES);
  const shapes = cheapestAndDearest(options.shapes.map(narrowed));
  const { inputs, classes } = shapes[0];

  const begun = performance.now();
  const threads = await startKernelThreads(workers);
  // A wide network's calls take many seconds: those under way fail.
  const interrupt = () => void threads.close();
  signal?.addEventListener("abort", interrupt);
  const rest = async () => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  try {
    await rest();
    const host = kernelMemory(threads.memory);
    await onEach(workers, () => threads.run(emptyCall(host)));
    const start = secondsSince(begun);

    const dataset = madeUpDataset(train, test, inputs, classes);
    const beforePreparation = performance.now();
    const execute: Execute = async (call) => (await threads.run(call)).result;
    const examples = await prepareExamples({ ...host, execute }, dataset, null);
    const preparation = secondsSince(beforePreparation) / (train + test);

    const benches = [];
    for (const shape of shapes)
      benches.push(await openBench(host, shape, examples, regularization, workers, rest));
    await warmUp(threads, benches[0], examples, workers);
    const alone = await measure(threads, benches, examples, 1);
    const allBusy = workers === 1 ? alone : await measure(threads, benches, examples, workers);
    return {
      alone: alone.costs,
      allBusy: allBusy.costs,
      start,
      handover: alone.handover,
      preparation,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    await threads.close();
  }
}

/** Times all benches while `busy` workers make the same calls. */
async function measure(
  threads: KernelThreads,
  benches: readonly Bench[],
  { train, test }: PreparedExamples,
  busy: number,
): Promise<{ costs: Costs; handover: number }> {
  const series = [];
  for (const { shape, train: trainCall, evaluate } of benches) {
    series.push({
      step: await openSeries(threads, trainCall, train.examples, stepMultiplyAdds(shape), busy),
      evaluation: await openSeries(
        threads,
        evaluate,
        test.examples,
        evaluationMultiplyAdds(shape),
        busy,
      ),
    });
  }
  // In turns, so that a moment in which the machine does something else touches all of them.
  for (let i = 0; i < CALLS; i++) {
    for (const { step, evaluation } of series) {
      await step.lap();
      await evaluation.lap();
    }
  }
  const steps = series.map(({ step }) => step.point());
  const evaluations = series.map(({ evaluation }) => evaluation.point());
  const handovers = [...steps, ...evaluations].map(({ handover }) => handover);
  return {
    costs: { step: lineThrough(steps), evaluation: lineThrough(evaluations) },
    handover: median(handovers) ?? 0,
  };
}

/** Timed calls of one kind on one network. */
interface Series {
  lap(): Promise<void>;
  /** Median seconds of a step or an example, and around a call: a moment in which the machine did something else does not count. */
  point(): { readonly multiplyAdds: number; readonly seconds: number; readonly handover: number };
}

async function openSeries(
  threads: KernelThreads,
  makeCall: MakeCall,
  limit: number,
  multiplyAdds: number,
  busy: number,
): Promise<Series> {
  const time = async (units: number) => {
    const begun = performance.now();
    const made = await onEach(busy, (worker) => threads.run(makeCall(worker, units)));
    const inside = made.reduce((sum, { start, end }) => sum + end - start, 0) / 1000 / busy;
    return { seconds: inside / units, handover: Math.max(0, secondsSince(begun) - inside) };
  };
  const pilot = Math.min(PILOT, limit);
  const { seconds } = await time(pilot);
  const units = Math.min(limit, Math.max(pilot, Math.round(CALL / 1000 / seconds)));
  const laps: Awaited<ReturnType<typeof time>>[] = [];
  return {
    async lap() {
      laps.push(await time(units));
    },
    point: () => ({
      multiplyAdds,
      seconds: median(laps, (lap) => lap.seconds) ?? seconds,
      handover: median(laps, (lap) => lap.handover) ?? 0,
    }),
  };
}

/** All workers share one compiled module, so that what one makes hot is optimized for all. */
async function warmUp(
  threads: KernelThreads,
  bench: Bench,
  { train, test }: PreparedExamples,
  workers: number,
): Promise<void> {
  const end = performance.now() + WARM_UP;
  while (performance.now() < end) {
    await onEach(workers, (worker) =>
      threads.run(bench.train(worker, Math.min(PILOT, train.examples))),
    );
    await onEach(workers, (worker) =>
      threads.run(bench.evaluate(worker, Math.min(PILOT, test.examples))),
    );
  }
}

async function openBench(
  host: KernelMemory,
  shape: Shape,
  examples: PreparedExamples,
  regularization: number,
  workers: number,
  rest: () => Promise<void>,
): Promise<Bench> {
  const { memory, arena } = host;
  const { train, test, rows } = examples;
  const parameters = await withPauses(madeUpParameters(shape), rest);
  const desks: Desk[] = [];
  while (desks.length < workers) {
    await rest();
    const network = new KernelNetwork(host, shape);
    // So small a rate that nothing diverges, whatever the examples.
    network.configure({ learningRate: 1e-6, regularization });
    network.write(parameters);
    const order = arena.allocate(4 * train.examples);
    const objectives = arena.allocate(8 * train.examples);
    const losses = arena.allocate(evaluationBytes(shape, test.examples));
    desks.push({ network, order, objectives, losses });
  }
  for (const { order } of desks) {
    const indices = new Uint32Array(memory.buffer, order, train.examples);
    indices.forEach((_, i) => {
      indices[i] = Math.floor(train.examples * Math.random());
    });
  }
  return {
    shape,
    train: (worker, steps) => {
      const { network, order, objectives } = desks[worker];
      return {
        name: "train",
        args: [network.address, rows, train.labels, order, steps, objectives],
      };
    },
    evaluate: (worker, count) => {
      const { network, losses } = desks[worker];
      return evaluationCall(network, test, count, losses);
    },
  };
}

function madeUpDataset(train: number, test: number, size: number, classes: number): Dataset {
  const images = (examples: number): LabelledExamples => ({
    examples,
    size,
    values: randomFillSync(new Uint8Array(examples * size)),
    labels: Uint8Array.from({ length: examples }, (_, n) => n % classes),
  });
  return { name: "made up", classes, train: images(train), test: images(test), digest: "" };
}

/** Weights within ±0.05, so that about half of the units are active, as in training. */
function* madeUpParameters(shape: Shape): Parts<Parameters> {
  const weights: Float32Array[] = [];
  for (const size of layerWeights(shape)) {
    const matrix = new Float32Array(size);
    yield* inParts(size, (from, to) => {
      for (let i = from; i < to; i++) matrix[i] = 0.1 * (Math.random() - 0.5);
    });
    weights.push(matrix);
  }
  return { weights, biases: layerOutputs(shape).map((count) => new Float32Array(count)) };
}

/** A call that does next to nothing: the norm of a single weight. */
function emptyCall(host: KernelMemory): KernelCall {
  const { address } = new KernelNetwork(host, { inputs: 1, hidden: [], classes: 1 });
  return { name: "measureNorms", args: [address] };
}

function narrowed(shape: Shape): Shape {
  return { ...shape, hidden: shape.hidden.map((width) => Math.min(width, MAX_WIDTH)) };
}

function cheapestAndDearest(shapes: readonly Shape[]): Shape[] {
  const sorted = [...shapes].sort((a, b) => stepMultiplyAdds(a) - stepMultiplyAdds(b));
  const [cheapest, dearest] = [sorted[0], sorted[sorted.length - 1]];
  return stepMultiplyAdds(cheapest) === stepMultiplyAdds(dearest)
    ? [cheapest]
    : [cheapest, dearest];
}

function onEach<Value>(
  workers: number,
  work: (worker: number) => Promise<Value>,
): Promise<Value[]> {
  return Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}
