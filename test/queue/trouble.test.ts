// A server that is away, wants a password all at once, or refuses a command: it is told at either end, and waited for.

import { Redis } from "ioredis";
import { expect } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import { trainOn } from "../../src/pool/pool.ts";
import {
  coordinator,
  ends,
  gainsName,
  handIn,
  keeping,
  locally,
  problems,
  redis,
  server,
  there,
  trial,
  until,
  worker,
} from "./live.ts";

there("a server that is away, or wants a password, is told of at either end", async () => {
  const pool = await coordinator();
  const [reached, goOn] = [deferred(), deferred()];
  ends.push(() => {
    goOn.resolve(undefined);
    return goOn.promise;
  });
  const { events } = worker({
    async each() {
      reached.resolve(undefined);
      await goOn.promise;
    },
  });
  const asked = trial(8);
  const trained = trainOn(pool, asked, keeping);
  await reached.promise;
  await redis.end();
  const isTold = async (sentence: string) => {
    const found = expect.stringContaining(sentence) as string;
    await until(() => problems).toContainEqual(found);
    await until(() => events).toContainEqual({ kind: "problem", reason: found });
  };
  await isTold("queue server: no connection to the server (ECONNREFUSED); trying again");
  await redis.start();
  await until(() => server.redis.status).toBe("ready");
  await server.redis.config("SET", "requirepass", "secret");
  const other = new Redis(redis.port, "127.0.0.1", { password: "secret" });
  ends.push(() => other.quit());
  await other.call("CLIENT", "KILL", "TYPE", "normal");
  await isTold("queue server: the server wants a password; give it in WIDTHWISE_QUEUE_PASSWORD");
  await other.config("SET", "requirepass", "");
  goOn.resolve(undefined);
  expect((await trained).fingerprint).toBe((await locally(asked)).fingerprint);
});

there("what the server refuses a worker does not fail its trial", async () => {
  const pool = await coordinator();
  const asked = trial(8);
  const trained = trainOn(pool, asked, keeping);
  // It cannot see who coordinates.
  const fewer = ["resetkeys", "~widthwise:trials-*", "~widthwise:gains-*", "~widthwise:worker*"];
  await server.redis.call("ACL", "SETUSER", "default", ...fewer);
  const { events } = worker();
  const refused = expect.stringContaining("the user may not do what the queue takes") as string;
  await until(() => events).toContainEqual({ kind: "problem", reason: refused });
  await server.redis.call("ACL", "SETUSER", "default", "allkeys");
  expect((await trained).fingerprint).toBe((await locally(asked)).fingerprint);
});

there("a run that begins or ends at a server without room says so, and goes on", async () => {
  const first = await coordinator();
  const name = await gainsName();
  await handIn(name, { what: "lies there" });
  // As one that was killed.
  const gone = name.replace("gains-", "");
  await server.redis.del(`widthwise:coordinator:${gone}`);
  await server.redis.config("SET", "maxmemory", "1");
  const pool = await coordinator();
  expect(problems).toContain("queue server: the server's memory is full");
  await first.close();
  await server.redis.config("SET", "maxmemory", "0");
  worker();
  const asked = trial(8);
  const { fingerprint } = await trainOn(pool, asked, keeping);
  expect(fingerprint).toBe((await locally(asked)).fingerprint);
});
