// `widthwise run --shard`: one shard's share of a study's trials.

import { existsSync, realpathSync } from "node:fs";
import { InputError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import { valuesText } from "../../../records/point.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Shard } from "../../../study/shards/deal.ts";
import type { TrainedShard } from "../../../study/shards/run-shard.ts";
import type { Study } from "../../../study/spec.ts";
import type { Context } from "../../context.ts";
import { withStore } from "../../store.ts";
import { Progress } from "../../view/progress.ts";
import { openProgressView } from "../../view/progress-view.ts";
import { withWorkers } from "./with-workers.ts";

interface ShardOptions {
  readonly shard: Shard;
  readonly store?: string;
  readonly known?: string;
  readonly workers: number;
  readonly data?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** That are named of those which depend on other shards' answers. */
const MOST_NAMED = 5;

/** Trains the shard's share into its store and prints one line. */
export async function runShard(
  study: Study,
  { shard, store: path = "", known, verbose = false, json = false, ...options }: ShardOptions,
  context: Context,
): Promise<void> {
  if (path === "")
    throw new InputError(
      `--shard: give it a store of its own, such as --store shards/${shard.index}.db`,
    );
  if (known !== undefined && existsSync(path) && existsSync(known)) {
    if (realpathSync(path) === realpathSync(known))
      throw new InputError(`--known ${known}: it is the shard's own store; leave it out`);
  }
  const { runShard: train } = await import("../../../study/shards/run-shard.ts");
  const view = openProgressView(new Progress(study, context.now()), context, { verbose });
  const onDamage = view.onProblem;
  const kept = `what was trained is kept in ${path}, and the same command goes on from there`;
  const work = (store: RecordStore, others?: RecordStore) =>
    withWorkers(study, { ...options, store, view, kept }, context, (loaded, training) =>
      train(loaded.study, shard, { ...training, store, onEvent: view.onEvent }, others),
    );
  const trained = await withStore(
    path,
    context,
    (store) =>
      known === undefined
        ? work(store)
        : withStore(known, context, (others) => work(store, others), {
            onDamage,
            toRead: "untouched",
          }),
    { onDamage },
  );
  const { unknown, ...counts } = trained;
  const document = { study: study.name, shard, ...counts, unknown: unknown.length };
  context.stdout.write(
    json
      ? `${JSON.stringify(document, null, 2)}\n`
      : `${lineOf(study.name, path, shard, trained)}\n`,
  );
}

function lineOf(name: string, path: string, { index, of }: Shard, trained: TrainedShard): string {
  const { share, search, trained: now, unknown } = trained;
  const places = [...new Set([...unknown].map(({ point }) => valuesText(point.values)))];
  const some = places.slice(0, MOST_NAMED).join(", ") + (places.length > MOST_NAMED ? ", …" : "");
  return [
    `${name}, shard ${index} of ${of}: trained ${plural(now, "trial")}`,
    ` of the ${share} of its share${search > 0 ? ` and the ${search} of the search` : ""}, kept in ${path}`,
    unknown.length > 0
      ? `; about ${unknown.length} more (${some}) depend on answers of other shards: merge all, and run the shards again with --known`
      : "",
  ].join("");
}
