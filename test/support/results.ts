// Made-up study results and provenance for tests of the report.

import type { Outcome } from "../../src/analysis/outcome.ts";
import { answered, type Answered } from "../../src/questions/asked.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import type { Provenance } from "../../src/report/provenance.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { namedStream } from "../../src/random/named.ts";
import type { Probe } from "../../src/study/plans/learning-rate.ts";
import type { StudyResult } from "../../src/study/result.ts";
import type { Study } from "../../src/study/spec.ts";
import { ensembleOutcomes, homeworkOutcomes, record, timedOutcome, type Row } from "./outcomes.ts";

/** What the shipped questions find. */
export function found(result: StudyResult): Answered {
  return answered(result, CATALOGUE);
}

export const HOMEWORK: Study = {
  name: "homework",
  question: "Which width interpolates a tenth of FashionMNIST, and after how many passes?",
  dataset: { name: "fashion-mnist", fraction: 0.1 },
  model: { hidden: ["width"], init_std: 1e-6 },
  training: { learning_rate: "eta_star / 2", regularization: 0, passes: 100 },
  search: { width: 32, factor: 0.5 },
  sweep: { width: [8, 16, 32, 128, 512] },
  streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0 },
};

export const PROVENANCE: Provenance = {
  versions: { widthwise: "0.1.0", numerics: 1, node: "20.20.2", platform: "linux x64" },
  seconds: { total: 48.3, data: 0.21, search: 0.9, training: 46.8 },
  command: "npx widthwise run homework",
  dataset: {
    name: "FashionMNIST",
    origin: "/usr/share/datasets/fashion-mnist",
    digest: "0f".repeat(32),
  },
};

const BEFORE: Row = [2.3025854, 0.052, 2.3025854, 0.051];

function probe(learning_rate: number, after: Row | null): Probe {
  const threshold = BEFORE[0] / 2;
  const loss = after?.[0] ?? NaN;
  return {
    learning_rate,
    before: BEFORE[0],
    after: loss,
    threshold,
    verdict: loss < threshold ? "converges" : "diverges",
    margin: Number.isFinite(loss) ? loss / threshold : Infinity,
    record: record(32, after === null ? [BEFORE] : [BEFORE, after], {
      learning_rate,
      ending: after === null ? { kind: "diverged", pass: 1, step: 312 } : { kind: "finished" },
    }),
  };
}

export const SEARCH = {
  eta_star: 0.01,
  probes: [
    probe(0.1, null),
    probe(0.01, [0.5606, 0.7942, 0.6493, 0.7808]),
    probe(0.02, [6.32, 0.21, 6.4, 0.2]),
  ],
};

export function homeworkResult(outcomes: readonly Outcome[] = homeworkOutcomes()): StudyResult {
  return {
    id: "1d".repeat(32),
    study: HOMEWORK,
    search: SEARCH,
    learning_rate: 0.005,
    outcomes,
    fingerprint: "5eed".repeat(16),
    bootstrap: () => namedStream(sha256, 0, 0, "bootstrap"),
  };
}

export function seedsResult(
  seeds = 10,
  outcomes: readonly Outcome[] = ensembleOutcomes([8, 16, 32, 128, 512], seeds),
): StudyResult {
  const streams = {
    kind: "named" as const,
    study_seed: 0,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
  };
  return { ...homeworkResult(outcomes), study: { ...HOMEWORK, streams } };
}

/** Several seeds, of which each width's interpolated at these passes (null: never). */
export function timedSeeds(
  byWidth: Readonly<Record<number, readonly (number | null)[]>>,
): StudyResult {
  const outcomes = Object.entries(byWidth).flatMap(([width, at]) =>
    at.map((pass, seed) => timedOutcome(Number(width), pass, { seed })),
  );
  const seeds = Math.max(...Object.values(byWidth).map((at) => at.length));
  return searchedWith({ ...seedsResult(seeds, outcomes) }, { hidden: [32], seed: 0 });
}

/** A study of one network that sweeps nothing, which interpolated at these passes, a seed each. */
export function fixedNetwork(
  hidden: readonly number[],
  ...at: readonly (number | null)[]
): StudyResult {
  const outcomes = at.map((pass, seed) => timedOutcome(hidden.at(0) ?? 0, pass, { seed, hidden }));
  const result = seedsResult(at.length, outcomes);
  const study = { ...result.study, model: { hidden, init_std: 0.01 }, sweep: { width: [] } };
  return searchedWith({ ...result, study }, { hidden, seed: 0 });
}

/** The search as it would have been made with these layers and this seed. */
export function searchedWith(
  result: StudyResult,
  { hidden, seed }: { readonly hidden: readonly number[]; readonly seed: number },
): StudyResult {
  const probes = SEARCH.probes.map((probe) => {
    const { specification } = probe.record;
    const model = { ...specification.model, hidden };
    const streams = { kind: "named", study_seed: 0, seed } as const;
    return {
      ...probe,
      record: { ...probe.record, specification: { ...specification, model, streams } },
    };
  });
  return { ...result, search: { ...SEARCH, probes } };
}
