// Measures in some seconds what training and evaluating cost on this machine: real kernel calls on worker
// threads over made-up examples. Its results reach no record.

import { setImmediate } from "node:timers/promises";
import { median } from "d3-array";
import { withPauses } from "../../base/parts.ts";
import { sha256 } from "../../base/sha256.node.ts";
import {
  kernelMemory,
  type Execute,
  type KernelCall,
  type KernelMemory,
} from "../../kernel/host.ts";
import { KernelNetwork } from "../../kernel/kernel-network.ts";
import type { MeasurementChoice } from "../../measurements/table.ts";
import { narrowedTo, type Shape } from "../../model/network.ts";
import { adamRates } from "../../model/optimizers/adam-rates.ts";
import type { Stepping } from "../../model/optimizers/choice.ts";
import { functionsOf } from "../../model/parts.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import { parameterBytes } from "../../records/fingerprint.ts";
import { evaluationBytes, evaluationCall } from "../../training/evaluate.ts";
import { prepareExamples, type PreparedExamples } from "../../training/examples.ts";
import {
  evaluationMultiplyAdds,
  lineThrough,
  stepLine,
  stepMultiplyAdds,
  type Calibration,
  type Costs,
} from "../../kernel/cost.ts";
import { madeUpDataset, madeUpParameters } from "./made-up.ts";
import { rehearse } from "./rehearse.ts";
import { onEach, startKernelThreads, type KernelThreads } from "./threads.ts";

export interface CalibrationOptions {
  /** Networks that costs are wanted of, at least one; the cheapest and the dearest are measured. */
  readonly shapes: readonly Shape[];
  /** All are measured as this one is trained; left out: by single examples, without λ. */
  readonly like?: TrialSpecification | undefined;
  /** Measured of trials like that one. */
  readonly measure?: readonly MeasurementChoice[] | undefined;
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

/** So small that nothing diverges, whatever the examples. */
const RATE = 1e-6;

/** Steps or examples of a first, short call, which tells how many a timed one takes. */
const PILOT = 64;

/** A network's copies, one for each worker, and what measures them. */
interface Bench {
  readonly shape: Shape;
  readonly train: MakeCall;
  readonly evaluate: MakeCall;
  /** On this thread. */
  readonly keep: () => void;
}

/** A worker's copy of a network; the rest are addresses. */
interface Desk {
  readonly network: KernelNetwork;
  /** One that trains by batches does not evaluate. */
  readonly evaluated: KernelNetwork;
  readonly order: number;
  readonly objectives: number;
  readonly losses: number;
  /** Of Adam's steps. */
  readonly rates: number;
}

/** A call for one of the workers, of so many steps or examples. */
type MakeCall = (worker: number, units: number) => KernelCall;

/**
 * Throws WidthwiseError where the kernel has not been built, or memory does not suffice, and the signal's reason where
 * that aborts.
 */
export async function calibrate(options: CalibrationOptions): Promise<Calibration> {
  const { workers, like, measure: choices = [], signal } = options;
  const train = Math.min(options.train, MAX_EXAMPLES);
  const test = Math.min(options.test, MAX_EXAMPLES);
  const stepping = like?.training ?? {};
  const shapes = cheapestAndDearest(
    options.shapes.map((shape) => narrowedTo(MAX_WIDTH, shape)),
    stepping,
  );
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
      benches.push(await openBench(host, shape, examples, like, workers, rest));
    await warmUp(threads, benches[0], examples, workers);
    const alone = await measure(threads, benches, examples, stepping, 1);
    const allBusy =
      workers === 1 ? alone : await measure(threads, benches, examples, stepping, workers);
    const measurements =
      like === undefined
        ? new Map<string, never>()
        : await rehearse(threads, workers, shapes, examples, like, choices, rest);
    return {
      alone: alone.costs,
      allBusy: allBusy.costs,
      start,
      handover: alone.handover,
      preparation,
      measurements,
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
  stepping: Stepping,
  busy: number,
): Promise<{ costs: Costs; handover: number }> {
  const series = [];
  const { batch = 1 } = stepping;
  for (const { shape, train: trainCall, evaluate, keep } of benches) {
    const [steps, evaluations] = [stepMultiplyAdds(shape, stepping), evaluationMultiplyAdds(shape)];
    series.push({
      step: await openSeries(threads, trainCall, train.examples, steps, busy, batch),
      evaluation: await openSeries(threads, evaluate, test.examples, evaluations, busy),
      keeping: keepingSeries(keep, evaluations),
    });
  }
  // In turns, so that a moment in which the machine does something else touches all of them.
  for (let i = 0; i < CALLS; i++) {
    for (const { step, evaluation, keeping } of series) {
      await step.lap();
      await evaluation.lap();
      keeping.lap();
    }
  }
  const steps = series.map(({ step }) => step.point());
  const evaluations = series.map(({ evaluation }) => evaluation.point());
  const handovers = [...steps, ...evaluations].map(({ handover }) => handover);
  const { shape } = benches[benches.length - 1];
  return {
    costs: {
      step: stepLine(steps, shape, stepping),
      evaluation: lineThrough(evaluations),
      keeping: lineThrough(series.map(({ keeping }) => keeping.point())),
    },
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
  batch = 1,
): Promise<Series> {
  const time = async (units: number) => {
    const begun = performance.now();
    const made = await onEach(busy, (worker) => threads.run(makeCall(worker, units)));
    const inside = made.reduce((sum, { start, end }) => sum + end - start, 0) / 1000 / busy;
    return { seconds: inside / units, handover: Math.max(0, secondsSince(begun) - inside) };
  };
  const pilot = Math.min(limit, batch * Math.ceil(PILOT / batch));
  const { seconds } = await time(pilot);
  const wanted = batch * Math.round(CALL / 1000 / seconds / batch);
  const units = Math.min(limit, Math.max(pilot, wanted));
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

function keepingSeries(keep: () => void, multiplyAdds: number) {
  const laps: number[] = [];
  return {
    lap() {
      const begun = performance.now();
      keep();
      laps.push(secondsSince(begun));
    },
    point: () => ({ multiplyAdds, seconds: median(laps) ?? 0 }),
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
  like: TrialSpecification | undefined,
  workers: number,
  rest: () => Promise<void>,
): Promise<Bench> {
  const { memory, arena } = host;
  const functions = like && functionsOf(like);
  const {
    regularization = 0,
    optimizer,
    batch,
  }: Partial<TrialSpecification["training"]> = like?.training ?? {};
  const { train, test, rows } = examples;
  const parameters = await withPauses(madeUpParameters(shape), rest);
  const desks: Desk[] = [];
  while (desks.length < workers) {
    await rest();
    const network = new KernelNetwork(host, shape, functions, { optimizer, batch });
    network.configure({ learningRate: RATE, regularization });
    network.write(parameters);
    const evaluated = new KernelNetwork(host, shape, functions);
    evaluated.write(parameters);
    const order = arena.allocate(4 * train.examples);
    const objectives = arena.allocate(8 * train.examples);
    const losses = arena.allocate(evaluationBytes(shape, test.examples));
    const rates = arena.allocate(8 * train.examples);
    if (optimizer?.kind === "adam")
      new Float32Array(memory.buffer, rates, 2 * train.examples).set(
        adamRates(optimizer, RATE, 0, train.examples),
      );
    desks.push({ network, evaluated, order, objectives, losses, rates });
  }
  for (const { order } of desks) {
    const indices = new Uint32Array(memory.buffer, order, train.examples);
    indices.forEach((_, i) => {
      indices[i] = Math.floor(train.examples * Math.random());
    });
  }
  return {
    shape,
    train: (worker, count) => {
      const { network, order, objectives, rates } = desks[worker];
      const { trainingCall } = network;
      const data = [network.address, rows, train.labels, order, count];
      const args =
        trainingCall === "train" ? [...data, objectives] : [...data, 1, objectives, rates];
      return { name: trainingCall, args };
    },
    keep: () => {
      const [{ network, evaluated }] = desks;
      const made = network.read();
      sha256(...[made, ...network.readState()].flatMap(parameterBytes));
      evaluated.write(made);
    },
    evaluate: (worker, count) => {
      const { evaluated, losses } = desks[worker];
      return evaluationCall(evaluated, test, count, losses);
    },
  };
}

/** A call that does next to nothing: the norm of a single weight. */
function emptyCall(host: KernelMemory): KernelCall {
  const { address } = new KernelNetwork(host, { inputs: 1, hidden: [], classes: 1 });
  return { name: "measureNorms", args: [address] };
}

function cheapestAndDearest(shapes: readonly Shape[], stepping: Stepping): Shape[] {
  const cost = (shape: Shape) => stepMultiplyAdds(shape, stepping);
  const sorted = [...shapes].sort((a, b) => cost(a) - cost(b));
  const [cheapest, dearest] = [sorted[0], sorted[sorted.length - 1]];
  return cost(cheapest) === cost(dearest) ? [cheapest] : [cheapest, dearest];
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}
