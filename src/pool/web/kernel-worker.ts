// A Web Worker: makes kernel calls over the memory that all workers share, or trains trials by itself where memory
// cannot be shared. Keeps nothing between trials but the examples.

import { InputError } from "../../base/errors.ts";
import { createLocalHost, instantiate, privateMemory } from "../../kernel/host.ts";
import type { TrainedPass, TrialEnd } from "../../records/record.ts";
import { ExampleCache } from "../example-cache.ts";
import { localPool } from "../local-pool.ts";
import { measureIn } from "../measure.ts";
import type { Pool } from "../pool.ts";
import type { Answer, Asked, Request, Start } from "./messages.ts";
import { pause } from "./pause.ts";
import { sha256 } from "./sha256.ts";

type Training = AsyncGenerator<TrainedPass, TrialEnd, undefined>;

let handle: (request: Request) => unknown = ({ kind }) => {
  throw new Error(`${kind} was asked of a worker that is not started`);
};

async function start({ module, on, alive }: Start): Promise<void> {
  if (alive !== null) await hold(alive);
  const kernel = { module, wide: false };
  if ("memory" in on) {
    handle = inShared(on.memory, instantiate(kernel, on.memory));
    return;
  }
  const host = createLocalHost(kernel, privateMemory());
  const { dataset, given } = on;
  const examples = new ExampleCache(dataset);
  const now = () => performance.now();
  handle = byItself(localPool({ ...{ host, dataset, given, examples, sha256, now, pause } }));
}

/** Never given back while the worker lives. */
function hold(lock: string): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(lock, () => {
      held();
      return new Promise(() => undefined);
    });
  });
}

function inShared(memory: WebAssembly.Memory, call: ReturnType<typeof instantiate>): typeof handle {
  return (request) => {
    if (request.kind === "call") return call(request.call);
    if (request.kind !== "measureIn") throw new Error(`no ${request.kind} in shared memory`);
    // Sees what other threads have added to the memory.
    memory.grow(0);
    return measureIn(memory, request.call, sha256);
  };
}

/** One training at a time, of which the next pass is made while the last one is taken. */
function byItself(pool: Pool): typeof handle {
  let training: Training | null = null;
  let ahead: ReturnType<Training["next"]> | null = null;
  return async (request): Promise<unknown> => {
    if (request.kind === "train") {
      const { trial, from, pastDivergence } = request;
      training = (await pool.turn(trial, { pastDivergence })).train(from);
      return null;
    }
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
