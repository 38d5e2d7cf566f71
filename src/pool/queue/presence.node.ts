// Who is there: workers and coordinators give signs of life on the server, each a key that ends by itself.

import * as z from "zod";
import type { Redis } from "ioredis";
import { integers, number, object } from "../../base/fields.ts";
import { oneLine } from "../../base/quote.ts";
import { PREFIX, repeatedly } from "./server.node.ts";

type Kind = "worker" | "coordinator";

/** It may be told. */
const text = z.string().max(300).transform(oneLine);
const count = number("a count", integers(0, 1e6));

const present = object({
  id: text,
  name: text,
  release: text,
  /** Worker threads; of a coordinator none. */
  threads: count,
});

export type Present = z.output<typeof present>;

const keyOf = (kind: Kind, id: string) => `${PREFIX}:${kind}:${id}`;
const listOf = (kind: Kind) => `${PREFIX}:${kind}s`;

/** Gives signs of life from now on, each good for so many milliseconds; the returned function ends it. */
export async function beThere(
  redis: Redis,
  kind: Kind,
  who: Present,
  goodFor: number,
): Promise<() => Promise<void>> {
  const { id } = who;
  const tell = async () => {
    await remember(redis, kind, id);
    await redis.set(keyOf(kind, id), JSON.stringify(who), "PX", goodFor);
  };
  // Where the server has no room for it now, it may have later.
  await tell().catch(() => undefined);
  const end = repeatedly(goodFor / 4, tell);
  return async () => {
    end();
    await redis.del(keyOf(kind, id));
    await forget(redis, kind, [id]);
  };
}

export async function isThere(redis: Redis, kind: Kind, id: string): Promise<boolean> {
  return (await redis.exists(keyOf(kind, id))) === 1;
}

/** Those that are there, and the names of those that were. */
export async function whoIsThere(
  redis: Redis,
  kind: Kind,
): Promise<{ readonly there: readonly Present[]; readonly gone: readonly string[] }> {
  const ids = await redis.smembers(listOf(kind));
  const told = ids.length === 0 ? [] : await redis.mget(ids.map((id) => keyOf(kind, id)));
  const there: Present[] = [];
  for (const one of told) {
    const parsed = one === null ? undefined : present.safeParse(jsonOf(one)).data;
    if (parsed) there.push(parsed);
  }
  return { there, gone: ids.filter((_, at) => told[at] === null) };
}

/** Has it counted among those that are there, or were. */
export async function remember(redis: Redis, kind: Kind, id: string): Promise<void> {
  await redis.sadd(listOf(kind), id);
}

export async function forget(redis: Redis, kind: Kind, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await redis.srem(listOf(kind), ...ids);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
