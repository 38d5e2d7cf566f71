// The initial parameters that a study takes from a file: read, checked against its network, and called by their digest,
// which stands for them from then on.

import { InputError } from "../base/errors.ts";
import { enumerate } from "../base/numbers.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { parametersDigest, unpackParameters } from "../records/given-parameters.ts";
import type { StudyLedger } from "../records/store.ts";
import { at, sweptValues } from "./axes/axes.ts";
import type { DatasetSize } from "./plans/plan.ts";
import type { Study } from "./spec.ts";

export interface GivenContext {
  readonly dataset: DatasetSize;
  /** Asked first where the study tells the parameters' digest. */
  readonly store: Pick<StudyLedger, "given">;
  readonly sha256: Sha256;
  /** Reads a file: `loadParameters` of Node's entry. */
  readonly load: (path: string, shape: Shape) => Promise<Parameters>;
}

/**
 * The study with the digest of its initial parameters, and these; as it is where it draws them.
 * Throws InputError as `load` does, where the study trains networks of several shapes, or tells another digest.
 */
export async function withGiven(
  study: Study,
  { dataset, store, sha256, load }: GivenContext,
): Promise<{ readonly study: Study; readonly given: GivenParameters }> {
  const { init } = study.model;
  if (typeof init !== "object") return { study, given: new Map() };
  const shape = onlyShape(study, dataset);
  const { path, parameters: told } = init;
  const kept = told === undefined ? null : await store.given(told);
  const parameters = (kept && unpackParameters(kept, shape)) ?? (await load(path, shape));
  const digest = parametersDigest(parameters, sha256);
  if (told !== undefined && told !== digest)
    throw new InputError(
      `model.init: ${path} has the parameters ${digest.slice(0, 12)}; expected ${told.slice(0, 12)}`,
    );
  const model = { ...study.model, init: { ...init, parameters: digest } };
  return { study: { ...study, model }, given: new Map([[digest, parameters]]) };
}

/** That of all networks that the study trains. */
function onlyShape(study: Study, { train, classes }: DatasetSize): Shape {
  const searches = study.training.learning_rate === "eta_star / 2";
  const points = [...sweptValues(study), ...(searches ? [{ width: study.search.width }] : [])];
  const networks = new Map(
    points.map((values) => {
      const hidden = at(study, values).study.model.hidden.map(Number);
      return [`[${hidden.join(", ")}]`, hidden];
    }),
  );
  const [hidden = [], ...others] = networks.values();
  if (others.length > 0)
    throw new InputError(
      `model.init: a file has the weights of one network, and this study trains those with hidden layers ${enumerate([...networks.keys()].slice(0, 4))}; ask for one width, also as search.width`,
    );
  const { bias } = study.model;
  return { inputs: train.size, hidden, classes, ...(bias === false && { bias }) };
}
