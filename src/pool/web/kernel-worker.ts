// A Web Worker: makes kernel calls over the memory that all workers share, and trains small trials in a part of it, or,
// where memory cannot be shared, trains all trials by itself. Keeps nothing between trials but the examples.

import { InputError } from "../../base/errors.ts";
import { Arena } from "../../kernel/arena.ts";
import { createLocalHost, instantiate, localHost, privateMemory } from "../../kernel/host.ts";
import type { TrainedPass, TrialEnd } from "../../records/record.ts";
import { ExampleCache } from "../example-cache.ts";
import { localPool } from "../local-pool.ts";
import { measureIn } from "../measure.ts";
import type { Pool } from "../pool.ts";
import type { TrainingContext } from "../train-trial.ts";
import { trainWhole } from "../train-whole.ts";
import { hold } from "./alive.ts";
import type { Answer, Asked, Request, Start } from "./messages.ts";
import { pause } from "./pause.ts";
import { sha256 } from "./sha256.ts";

type Training = AsyncGenerator<TrainedPass, TrialEnd, undefined>;

let handle: (request: Request) => unknown = ({ kind }) => {
  throw new Error(`${kind} was asked of a worker that is not started`);
};

async function start({ module, memory, on, alive }: Start): Promise<void> {
  if (alive !== null) await hold(alive);
  const kernel = { module, wide: false };
  if (memory !== null) {
    handle = inShared(memory, instantiate(kernel, memory), on);
    return;
  }
  if (on === null) throw new Error("a worker with neither memory nor a data set");
  const host = createLocalHost(kernel, privateMemory());
  handle = byItself({
    ...{ ...on, host, sha256, now, pause },
    examples: new ExampleCache(on.dataset),
  });
}

/** Whoever asked for small trials has nothing else to ask meanwhile. */
const atOnce = () => Promise.resolve();

function now(): number {
  return performance.now();
}

function inShared(
  memory: WebAssembly.Memory,
  call: ReturnType<typeof instantiate>,
  on: Start["on"],
): typeof handle {
  return (request) => {
    if (request.kind === "call") return call(request.call);
    // Sees what other threads have added to the memory.
    memory.grow(0);
    if (request.kind === "measureIn") return measureIn(memory, request.call, sha256);
    if (request.kind !== "trainWhole" || on === null || request.room === null)
      throw new Error(`no ${request.kind} in shared memory`);
    const { from, to } = request.room;
    const host = localHost({ memory, arena: new Arena(memory, from, to) }, call);
    const examples = new ExampleCache(on.dataset);
    return trainWhole(request.trials, { ...{ ...on, host, examples, sha256, now }, pause: atOnce });
  };
}

/** One training at a time, of which the next pass is made while the last one is taken. */
function byItself(context: TrainingContext): typeof handle {
  const pool: Pool = localPool(context);
  let training: Training | null = null;
  let ahead: ReturnType<Training["next"]> | null = null;
  return async (request): Promise<unknown> => {
    if (request.kind === "train") {
      const { trial, from, pastDivergence } = request;
      training = (await pool.turn(trial, { pastDivergence })).train(from);
      return null;
    }
    if (request.kind === "trainWhole")
      return trainWhole(request.trials, { ...context, pause: atOnce });
    if (request.kind === "measure")
      return (await pool.turn(request.trial)).measure(request.parameters, request.choices);
    if (request.kind === "next" && training !== null) {
      const next = await (ahead ?? training.next());
      ahead = next.done === true ? null : training.next();
      ahead?.catch(() => undefined);
      return next;
    }
    if (request.kind !== "leave") throw new Error(`${request.kind} has nothing to work on here`);
    await ahead?.catch(() => undefined);
    await training?.return({ ending: { kind: "finished" }, fingerprint: "" });
    training = ahead = null;
    return null;
  };
}

let last: Promise<unknown> = Promise.resolve();

// One after the other: whoever gives a training up does not wait for its end.
onmessage = ({ data: { id, request } }: MessageEvent<Asked>) => {
  last = last.then(async () => {
    postMessage(await answerTo(id, request));
  });
};

async function answerTo(id: number, request: Request): Promise<Answer> {
  try {
    if (request.kind !== "start") return { id, result: await handle(request) };
    await start(request.start);
    return { id, result: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { id, failure, isUsers: error instanceof InputError };
  }
}
