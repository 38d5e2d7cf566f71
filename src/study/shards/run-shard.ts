// One shard of a study: its share of the trials, trained into a store of its own, without an answer.

import { follow, keysOf } from "../follow.ts";
import type { PlannedTrial } from "../plans/plan.ts";
import { inSets, marked, type Trials } from "../plans/trials.ts";
import { supplyWhole, type KeptTrials } from "../kept/remaining.ts";
import { beginStudy, type StudyContext } from "../run.ts";
import type { Study } from "../spec.ts";
import { deal, type Shard } from "./deal.ts";

export interface TrainedShard {
  /** Trials of its share, and of the study's searches, which every shard repeats. */
  readonly share: number;
  readonly search: number;
  /** How many of both were not kept yet. */
  readonly trained: number;
  /** Trials that depend on answers of other shards' trials, as far as can be told. */
  readonly unknown: Trials;
}

/**
 * Trains a shard's share: of each set of trials that the plan asks for at once, those that are dealt to it, and all
 * of a search. It goes on to the next set once `known` and the store have all of the one before. Throws as runStudy does.
 */
export async function runShard(
  study: Study,
  shard: Shard,
  context: StudyContext,
  known?: KeptTrials,
): Promise<TrainedShard> {
  const { dataset, store, sha256, signal } = context;
  const keyOf = keysOf(sha256);
  const kept = known === undefined ? store : bothOf(store, known);
  const { plan, begin, supply } = await beginStudy(study, context, kept);
  const supplyKept = supplyWhole(study, kept, sha256, signal);
  const counts = { share: 0, search: 0, trained: 0 };
  let shards: Uint32Array = new Uint32Array();
  /** Of the trials that are asked for, those that were looked at. */
  let looked = 0;
  const isMine = ({ role }: PlannedTrial, place: number) =>
    role === "search" || shards[place] === shard.index;
  const followed = await follow(
    plan,
    async (trials) => {
      const records = [...(await supplyKept(trials))];
      const places = trials.flatMap((planned, place) =>
        records[place] === null && isMine(planned, looked + place) ? [place] : [],
      );
      looked += trials.length;
      counts.trained += places.length;
      const made = await supply(places.map((place) => trials[place]));
      places.forEach((place, i) => {
        records[place] = made[i];
      });
      return records;
    },
    sha256,
    async (trials) => {
      shards = deal(trials, dataset, shard.of, keyOf);
      looked = 0;
      const wanted = new Uint8Array(trials.length);
      let place = 0;
      for (const set of inSets(trials)) {
        const records = await supplyKept(set);
        set.forEach((planned, i) => {
          const mine = isMine(planned, place);
          if (planned.role === "search") counts.search++;
          else if (mine) counts.share++;
          wanted[place++] = Number(records[i] === null && mine);
        });
      }
      await begin(trials, marked(trials, wanted));
    },
  );
  return { ...counts, unknown: "request" in followed ? followed.request.expected : [] };
}

/** What the first keeps, and beside it what the second does. */
function bothOf(own: KeptTrials, known: KeptTrials): KeptTrials {
  return {
    get: async (...asked) => (await own.get(...asked)) ?? (await known.get(...asked)),
    async measurements(key) {
      return [...(await own.measurements(key)), ...(await known.measurements(key))];
    },
  };
}
