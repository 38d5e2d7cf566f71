// A study that asks how much of its spread is rounding's, from its text to its report and back: perturbed trials are
// trained beside the sweep, kept, and taken for nobody's seed.

import { expect, test } from "vitest";
import {
  answered,
  CATALOGUE,
  createNodePool,
  loadDataset,
  MemoryStore,
  parseStudy,
  renderReport,
  reportFileNames,
  runStudy,
  sha256,
} from "../../dist/node.js";
import { answerFromStore } from "../../dist/study/kept/answer.js";
import {
  answerOf,
  claimedTrials,
  contradictions,
  parseClaims,
} from "../../dist/study/checks/verify-report.js";
import { trainClaimed } from "../../dist/study/checks/train-claimed.js";
import { remaining } from "../../dist/study/kept/remaining.js";

const study = parseStudy(
  `
name: chaos
question: How much is rounding's?
dataset: { name: mnist-1d, examples: 60 }
model: { hidden: [width], init_std: 0.3 }
training: { learning_rate: 0.03, passes: 12 }
sweep: { width: [4, 24] }
streams: { seeds: 3..6 }
stop: { after_interpolation: 0 }
measure: [margin]
ask: [{ name: rounding-or-seed, of: test_loss, perturbations: 4, seeds: 2 }, learning-curves]
`,
  "chaos.yaml",
  CATALOGUE,
);

interface Told {
  readonly rounding_or_seed: {
    readonly points: Readonly<
      Record<
        string,
        {
          readonly seeds: { readonly trials: number };
          readonly rounding: { readonly seeds: readonly { readonly seed: number }[] };
          readonly share: { readonly value: number; readonly interval: readonly number[] };
        }
      >
    >;
    readonly fingerprints: Readonly<Record<string, string[]>>;
  };
  readonly fingerprints: Readonly<Record<string, string[]>>;
}

test("trains perturbed trials beside the sweep, keeps them, and tells their spread", async () => {
  const { dataset, origin } = await loadDataset(study.dataset, CATALOGUE.datasets);
  const store = new MemoryStore();
  const context = { catalogue: CATALOGUE, dataset, store, sha256 };
  const roles = (trials: readonly { role: string }[]) =>
    ["sweep", "perturbed"].map((role) => trials.filter((one) => one.role === role).length);
  // Two widths: four seeds of the sweep, and four perturbations of two of them.
  expect(roles((await remaining(study, context)).sweep)).toEqual([8, 16]);

  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  try {
    const abort = new AbortController();
    let ended = 0;
    const onEvent = ({ kind }: { readonly kind: string }) => {
      if (kind === "ended" && ++ended === 11) abort.abort(new Error("enough"));
    };
    const { signal } = abort;
    await expect(runStudy(study, { ...context, pool, signal, onEvent })).rejects.toThrow("enough");
    const left = (await remaining(study, context)).sweep.length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(24);
    const result = await runStudy(study, { ...context, pool });
    expect(result.outcomes.map(({ point }) => point.seed)).toEqual([3, 4, 5, 6, 3, 4, 5, 6]);
    const perturbed = result.perturbed ?? [];
    expect(
      perturbed.map(({ point, record }) => [
        ...[point.values.width, point.seed, record.specification.model.perturbation],
      ]),
    ).toEqual(
      [4, 24].flatMap((width) =>
        [3, 4].flatMap((seed) => [1, 2, 3, 4].map((k) => [width, seed, k])),
      ),
    );
    expect(result.further).toEqual(perturbed.map(({ record }) => record));
    expect(result.outcomes.every(({ measured }) => measured?.has("margin"))).toBe(true);

    expect((await remaining(study, context)).sweep).toEqual([]);
    const kept = await store.study(result.id);
    expect(kept && roles(kept.trials)).toEqual([8, 16]);
    expect(kept?.trials.every(({ stop }) => stop?.after_interpolation === 0)).toBe(true);
    const again = kept && (await answerFromStore(kept, context));
    expect(again?.fingerprint).toBe(result.fingerprint);

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin },
    };
    const files = renderReport(answered(result, CATALOGUE), provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, CATALOGUE, "paper").sort());
    const summary = JSON.parse(files.get("summary.json") as string) as Told;
    const { points, fingerprints } = summary.rounding_or_seed;
    expect(points["4"].seeds.trials).toBe(4);
    expect(points["4"].rounding.seeds.map(({ seed }) => seed)).toEqual([3, 4]);
    expect(points["24"].share).toMatchObject({
      interval: null,
      by: "2 seeds; a bootstrap takes 5",
    });
    expect(summary.fingerprints["4"]).toHaveLength(4);
    const rows = [...(files.get("trajectories.csv") as Iterable<string>)].join("");
    expect(rows.match(/^\d+,3,0,/gm)).toHaveLength(2);

    const claims = parseClaims(summary, "summary.json", CATALOGUE);
    const claimed = claimedTrials(claims, dataset, CATALOGUE, sha256, "summary.json");
    expect(claimed.map(({ fingerprint }) => fingerprint)).toEqual(
      [...result.outcomes, ...perturbed].map(({ record }) => record.fingerprint),
    );
    expect(contradictions(claims, claimed, sha256)).toEqual([]);
    const problems: unknown[] = [];
    const records = new Map();
    const onTrained = (trial: object, record: object, problem: string | null) => {
      records.set(trial, record);
      problems.push(problem);
    };
    await trainClaimed(claimed, { pool, sha256, onTrained });
    expect(problems).toEqual(claimed.map(() => null));
    const found = await answerOf(claims, records, dataset, CATALOGUE, sha256);
    expect(found?.fingerprint).toBe(result.fingerprint);

    const less = { ...fingerprints, 4: fingerprints["4"].slice(1) };
    const other = { ...fingerprints, 5: fingerprints["4"], 4: [] };
    for (const [wrong, problem] of [
      [less, "x: its study has 16 perturbed trials, but it tells the fingerprints of 15"],
      [other, "x: it tells nothing of what moving the weights makes of width 4"],
    ] as const) {
      const told = { ...claims, rounding_or_seed: { fingerprints: wrong } };
      expect(() => claimedTrials(told, dataset, CATALOGUE, sha256, "x")).toThrow(problem);
    }
  } finally {
    await pool.close();
  }
});

test("a study that asks for this alone trains its sweep, too; beside a threshold it is refused", () => {
  const text = `
name: a
question: b?
dataset: { name: mnist-1d }
model: { hidden: [width], init_std: 0.3 }
training: { learning_rate: 0.03, passes: 12 }
`;
  expect(() =>
    parseStudy(`${text}ask: [threshold, rounding-or-seed]`, "a.yaml", CATALOGUE),
  ).toThrow("a.yaml:7:18 ask[1]: this is answered from a sweep");
  const { ask } = parseStudy(
    `${text}sweep: { width: [2] }\nask: [rounding-or-seed]`,
    "a",
    CATALOGUE,
  );
  expect(ask).toEqual([
    { name: "rounding-or-seed", of: "passes_to_interpolation", perturbations: 10, seeds: 5 },
  ]);
});
