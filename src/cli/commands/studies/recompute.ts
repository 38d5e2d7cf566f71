// Kept trials trained again, on the data that they name: for `verify` and `merge`.

import { sha256 } from "../../../base/sha256.node.ts";
import type { RecordStore, TrialFacts } from "../../../records/store.ts";
import type { Verdict } from "../../../study/checks/verify.ts";
import type { Context } from "../../context.ts";
import { loadKept, sourcesOfStudies } from "../../data.ts";
import { trainedOnAnother } from "../../view/kept-text.ts";

/** What is wrong with a trial. */
export interface Problem {
  readonly key: string | null;
  readonly problem: string;
}

/** Trains trials again and returns how many are the same; what is not is added to `problems`. */
export async function recompute(
  trials: readonly TrialFacts[],
  store: RecordStore,
  { data, workers }: { readonly data?: string | undefined; readonly workers: number },
  context: Context,
  problems: Problem[],
): Promise<number> {
  const { effects, signal, stderr } = context;
  const { givenOf, verify: verifyTrials } = await import("../../../study/checks/verify.ts");
  const sources = await sourcesOfStudies(store);
  let matching = 0;
  const onVerdict = (trial: TrialFacts, verdict: Verdict) => {
    if (verdict.kind === "matches") matching++;
    else if (verdict.kind !== "damaged") problems.push(problemOf(trial, verdict));
    stderr.write(
      `${nameOf(trial)}: ${verdict.kind === "matches" ? "matches" : "does not match"}\n`,
    );
  };
  for (const digest of new Set(trials.map(({ specification: { data } }) => data.dataset))) {
    const ofSet = trials.filter(({ specification: { data } }) => data.dataset === digest);
    const dataset = await loadKept(digest, sources.get(digest), data, context);
    if (dataset.digest !== digest) {
      for (const { key, specification } of ofSet) {
        const problem = `${nameOf({ key, specification })}: ${trainedOnAnother(specification)}`;
        problems.push({ key, problem });
      }
      continue;
    }
    const given = await givenOf(ofSet, dataset, store);
    const pool = await effects.createPool(dataset, workers, undefined, given);
    try {
      await verifyTrials(ofSet, { store, pool, sha256, signal, onVerdict });
    } finally {
      await pool.close();
    }
  }
  return matching;
}

export function problemOf(
  trial: TrialFacts,
  { kind, pass }: Extract<Verdict, { readonly pass: number }>,
): Problem {
  const problem = {
    differs: `it differs from pass ${pass} on`,
    "foreign weights": `the weights kept for pass ${pass} are not its own`,
    "other measurements": `what is kept as measured after pass ${pass} is not what is measured there`,
    "missing weights": `the weights after its last pass, ${pass}, are gone; run a study that asks for them with --fresh`,
    "missing start":
      "the initial parameters that it begins with are gone; run its study again with the file that has them",
  }[kind];
  return { key: trial.key, problem: `${nameOf(trial)}: ${problem}` };
}

function nameOf({
  key,
  specification: { model, training, streams },
}: Pick<TrialFacts, "key" | "specification">): string {
  const { hidden } = model;
  const network = hidden.length === 1 ? `width ${hidden[0]}` : `hidden layers ${hidden.join(", ")}`;
  const seed = streams.kind === "named" ? `, seed ${streams.seed}` : "";
  return `trial ${key.slice(0, 12)} (${network}, rate ${training.learning_rate}${seed})`;
}
