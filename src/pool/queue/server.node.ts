// The queue's server: Redis or Valkey, spoken to by BullMQ. Both libraries are the user's to install, and loaded here alone.

import { setMaxListeners } from "node:events";
import { connect, isIP } from "node:net";
import { setTimeout } from "node:timers/promises";
import { connect as connectSecurely } from "node:tls";
import type * as BullMq from "bullmq";
import type { Redis, RedisOptions } from "ioredis";
import { deferred } from "../../base/deferred.ts";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import { NUMERICS_VERSION } from "../../model/trial.ts";
import { TRAINS } from "../../model/specification.ts";

/** Of every key that widthwise has on the server. */
export const PREFIX = "widthwise";

/** What trains the same bits under the same keys shares a queue. */
export const RELEASE = `v${NUMERICS_VERSION}-${TRAINS}`;

/** Where workers find jobs. */
export const TRIALS = `trials-${RELEASE}`;

/** Where a coordinator finds gains. */
export const gainsOf = (coordinator: string): string => `gains-${coordinator}`;

/** Milliseconds. */
export interface Times {
  /** After which a job whose worker is not heard of is another one's. */
  readonly lease: number;
  /** Between two looks for such jobs, and between two signs of life. */
  readonly look: number;
  /** Of training between two stretches that a worker hands in. */
  readonly stretch: number;
  /** Without news of a trial after which it is offered again, where the server has lost it. */
  readonly silence: number;
  /** Until what a worker hands back is given to one again. */
  readonly delay: number;
}

export const TIMES: Times = {
  lease: 10_000,
  look: 5000,
  stretch: 5000,
  silence: 30_000,
  delay: 5000,
};

/** Deaths of its workers after which a job is not given to another one. */
export const MOST_DEATHS = 20;

/** How the reason of a job begins that has failed so. */
export const ENDED = "ended its workers";

/** As many as BullMQ is to try. */
export const FOREVER = 1_000_000;

export interface QueueServer {
  readonly bullmq: typeof BullMq;
  readonly redis: Redis;
  /** Options that every queue and worker has. */
  readonly shared: { readonly connection: BullMq.ConnectionOptions; readonly prefix: string };
  /** Whether a restart of the server keeps what it has. */
  readonly isKept: boolean;
  close(): Promise<void>;
}

/** Options of a queue that jobs are put into. */
export const ADDING = {
  streams: { events: { maxLen: 100 } },
  defaultJobOptions: { removeOnComplete: true, attempts: 1 },
} as const satisfies Partial<BullMq.QueueOptions>;

/**
 * Connects to a server. Throws InputError where its address or its password is none, WidthwiseError where it cannot be
 * reached or used, in a sentence.
 */
export async function openServer(
  address: string,
  password: string | undefined,
): Promise<QueueServer> {
  const url = parseAddress(address);
  const { bullmq, Redis } = await libraries();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? 6379 : Number(url.port);
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const isSecure = url.protocol === "rediss:";
  const options = {
    ...{ host, port },
    db: url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0,
    ...(url.username !== "" && { username: decodeURIComponent(url.username) }),
    ...(password !== undefined && { password }),
    ...(isSecure && { tls: servername }),
    maxRetriesPerRequest: null,
    connectionName: PREFIX,
  } as const;
  const told = `${url.protocol}//${url.host}`;
  const isKept = await tryServer(new Redis({ ...options, ...ONCE }), told, async () => {
    if (!(await speaks({ ...{ host, port }, ...servername }, !isSecure))) return null;
    return isSecure
      ? "the server speaks no TLS; give redis:// in the place of rediss://, by which all of it, the password too, travels in the clear"
      : "the server speaks TLS; give rediss:// in the place of redis://";
  });
  const redis = new Redis({ ...options, retryStrategy: (times) => Math.min(100 * times, 2000) });
  // Commands wait for it to come back.
  redis.on("error", () => undefined);
  return {
    bullmq,
    redis,
    shared: { connection: redis, prefix: PREFIX },
    isKept,
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

/** Throws InputError where it is none, or has a password, which other users of the machine could see. */
export function parseAddress(address: string): URL {
  const wrong = (what: string) =>
    new InputError(`--queue: ${what}; expected an address such as rediss://user@host:6380`);
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.password)
    throw new InputError(
      "--queue: the address has a password, which others could read off the command line; give it in WIDTHWISE_QUEUE_PASSWORD, or in a file with --password-file",
    );
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === "")
    throw wrong(`${JSON.stringify(address)} is none`);
  if (!/^(\/\d{0,4})?$/.test(url.pathname) || url.search !== "" || url.hash !== "")
    throw wrong(`${address} has more than a server and the number of a database`);
  return url;
}

async function libraries(): Promise<{
  readonly bullmq: typeof BullMq;
  readonly Redis: typeof Redis;
}> {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, Redis: ioredis.Redis };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new InputError("--queue: bullmq is not installed; npm install bullmq ioredis", { cause });
  }
}

const ONCE = {
  lazyConnect: true,
  enableReadyCheck: false,
  connectTimeout: 10_000,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
} as const satisfies RedisOptions;

/** Milliseconds that a server has to tell what it speaks. */
const ANSWER = 3000;

/** Milliseconds without a connection after which it is asked that. */
const SILENCE = 1000;

/** Whether a server is there that speaks TLS, or Redis without it. Nothing of the user's is sent. */
async function speaks(
  address: { readonly host: string; readonly port: number; readonly servername?: string },
  isSecure: boolean,
): Promise<boolean> {
  const { promise, resolve } = deferred<boolean>();
  const socket = isSecure
    ? connectSecurely({ ...address, rejectUnauthorized: false }, () => {
        resolve(true);
      })
    : connect(address, () => socket.write("PING\r\n"));
  const no = () => {
    resolve(false);
  };
  socket.setTimeout(ANSWER, no).once("error", no).once("close", no);
  socket.once("data", (answer) => {
    resolve(!isSecure && /^[+-]/.test(String(answer)));
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/** Whether the server keeps what it has. Throws where it cannot be used; `advice` says how it is to be spoken to, where that is another way. */
async function tryServer(
  redis: Redis,
  told: string,
  advice: () => Promise<string | null>,
): Promise<boolean> {
  const reasons: unknown[] = [];
  redis.on("error", (error) => reasons.push(error));
  const advise = async (cause?: unknown) => {
    const other = await advice();
    if (other !== null) throw new InputError(`queue ${told}: ${other}`, { cause });
  };
  const connected = redis.connect();
  const waiting = new AbortController();
  try {
    const silence = setTimeout(SILENCE, undefined, { signal: waiting.signal });
    await Promise.race([connected, silence.then(() => advise()).then(() => connected)]);
    const info = await redis.info();
    const version = /^(?:valkey|redis)_version:(\d+)\.(\d+)/m.exec(info);
    if (version !== null && Number(version[1]) < 7)
      throw new WidthwiseError(
        `queue ${told}: the server is version ${version[1]}.${version[2]}; expected Redis 7 or later, or Valkey`,
      );
    await redis.set(`${PREFIX}:try`, "", "PX", 1000);
    return /^aof_enabled:1/m.test(info);
  } catch (error) {
    if (error instanceof WidthwiseError) throw error;
    const reason = reasons.at(0) ?? error;
    if (!isRefusal(reason)) await advise(reason);
    throw serverError(reason, told);
  } finally {
    waiting.abort();
    redis.disconnect();
  }
}

/**
 * Has something done at the server, again and again where that refuses it, as one without room does: what is wrong is
 * told. Throws the signal's reason where that aborts.
 */
export async function insist<Result>(
  work: () => Promise<Result>,
  {
    onProblem,
    delay,
    signal,
  }: {
    readonly onProblem: (sentence: string) => void;
    readonly delay: number;
    readonly signal: AbortSignal;
  },
): Promise<Result> {
  const { promise: aborted, reject } = deferred<never>();
  aborted.catch(() => undefined);
  const abort = () => {
    reject(signal.reason as Error);
  };
  // As many as wait for the server.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", abort);
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        // What is asked of a server that is away waits for it.
        return await Promise.race([work(), aborted]);
      } catch (error) {
        if (error instanceof WidthwiseError) throw error;
        onProblem(`${serverError(error).message}; trying again`);
        await setTimeout(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * Has it told why the server is not to be had, each sentence once until it is there again; the returned function ends it.
 */
export function watch({ redis }: QueueServer, tell: (sentence: string) => void): () => void {
  const told = new Set<string>();
  const problem = (error: unknown) => {
    const sentence = `${serverError(error).message}; trying again`;
    if (!told.has(sentence)) tell(sentence);
    told.add(sentence);
  };
  const forget = () => {
    told.clear();
  };
  redis.on("error", problem).on("ready", forget);
  return () => {
    redis.off("error", problem).off("ready", forget);
  };
}

/** Whether the server has refused a command. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** Does something again and again, never twice at once, whether it fails or not; the returned function ends it. */
export function repeatedly(milliseconds: number, work: () => Promise<void>): () => void {
  let isUnderWay = false;
  const timer = setInterval(() => {
    if (isUnderWay) return;
    isUnderWay = true;
    const ended = () => {
      isUnderWay = false;
    };
    work().then(ended, ended);
  }, milliseconds);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** A server's or a connection's refusal in a sentence. */
export function serverError(error: unknown, told = "server"): WidthwiseError {
  const { message, code = "" } = error as NodeJS.ErrnoException;
  const say = (what: string, Kind = WidthwiseError) =>
    new Kind(`queue ${told}: ${what}`, { cause: error });
  if (message.startsWith("WRONGPASS"))
    return say(
      "the server refuses the user or the password, which comes from WIDTHWISE_QUEUE_PASSWORD or a file with --password-file",
      InputError,
    );
  if (/^NOAUTH|without any password/.test(message))
    return say(
      "the server wants a password; give it in WIDTHWISE_QUEUE_PASSWORD, or in a file with --password-file",
      InputError,
    );
  if (message.startsWith("NOPERM"))
    return say(
      `the user may not do what the queue takes (${message}); docs/many-machines.md has the rights that suffice`,
    );
  if (message.startsWith("OOM")) return say("the server's memory is full");
  if (/CERT|SSL|TLS|self.signed|certificate/i.test(`${code} ${message}`))
    return say(
      `no secure connection (${message}); where the server's certificate is your own, name its authority's file in NODE_EXTRA_CA_CERTS`,
    );
  return say(`no connection to the server (${code || message})`);
}
