// The file of initial parameters that a study may name, for commands.

import { sha256 } from "../base/sha256.node.ts";
import type { Dataset } from "../data/dataset.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { unpackParameters } from "../records/given-parameters.ts";
import type { RecordStore } from "../records/store.ts";
import { withGiven } from "../study/given.ts";
import type { Study } from "../study/spec.ts";
import type { Context } from "./context.ts";

/**
 * `withGiven`; where the file is gone, what the last study that had it from there has left in the store, which is told.
 */
export async function readGiven(
  study: Study,
  dataset: Dataset,
  store: Pick<RecordStore, "given" | "studies">,
  { effects, signal, stderr }: Context,
): Promise<{ readonly study: Study; readonly given: GivenParameters }> {
  const load = async (path: string, shape: Shape): Promise<Parameters> => {
    try {
      return await effects.loadParameters(path, shape, signal);
    } catch (error) {
      const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
      const kept = cause?.code === "ENOENT" ? await keptFrom(path, shape, store) : null;
      if (kept === null) throw error;
      stderr.write(`${path} is missing; its parameters are taken from the store\n`);
      return kept;
    }
  };
  return withGiven(study, { dataset, store, sha256, load });
}

async function keptFrom(
  path: string,
  shape: Shape,
  store: Pick<RecordStore, "given" | "studies">,
): Promise<Parameters | null> {
  for (const { specification } of await store.studies()) {
    const { init } = (JSON.parse(specification) as Study).model;
    if (typeof init !== "object" || init.path !== path || init.parameters === undefined) continue;
    const kept = await store.given(init.parameters);
    return kept && unpackParameters(kept, shape);
  }
  return null;
}
