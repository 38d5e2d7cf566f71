// A study that asks for a map that is refined, from its text to its report and back: interrupted, gone on with, kept,
// told and verified.

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
import { MapCells } from "../../dist/analysis/map/cells.js";
import { MAP_VALUES } from "../../dist/analysis/map/values.js";
import { mapGrid, type MapSettings } from "../../dist/study/plans/map.js";
import { answerFromStore } from "../../dist/study/kept/answer.js";
import {
  answerOf,
  claimedTrials,
  contradictions,
  parseClaims,
} from "../../dist/study/checks/verify-report.js";
import { remaining } from "../../dist/study/kept/remaining.js";

const text = (of: string, refine: number) => `
name: rates
question: Which rates interpolate?
dataset: { name: mnist-1d, examples: 30 }
model: { hidden: [width], init_std: 0.3 }
training: { passes: 12 }
sweep:
  width: { from: 2, to: 16, points: 4, scale: log }
  training.learning_rate: { from: 0.001, to: 1, points: 4, scale: log }
streams: { kind: named, seeds: 0..2 }
ask: [{ name: map, of: ${of}, refine: ${refine} }]
`;
const study = parseStudy(text("interpolates", 2), "rates.yaml", CATALOGUE);

test("refines, keeps what is trained, and tells it", async () => {
  const { dataset, origin } = await loadDataset(study.dataset, CATALOGUE.datasets);
  const store = new MemoryStore();
  const context = { catalogue: CATALOGUE, dataset, store, sha256 };
  const before = await remaining(study, context);
  expect(before).toMatchObject({ kept: 0, guess: "map" });
  expect(before.sweep.length - before.guessed).toBe(16 * 3);

  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  try {
    const controller = new AbortController();
    let ended = 0;
    const interrupted = runStudy(study, {
      ...{ ...context, pool, signal: controller.signal },
      onEvent(event) {
        if (event.kind === "ended" && ++ended === 60) controller.abort(new Error("enough"));
      },
    });
    await expect(interrupted).rejects.toThrow("enough");
    const half = await remaining(study, context);
    expect(half.kept).toBeGreaterThanOrEqual(48);
    expect(half.sweep.length).toBeGreaterThan(0);

    const reused: boolean[] = [];
    const result = await runStudy(study, {
      ...{ ...context, pool },
      onEvent: (event) => event.kind === "ended" && reused.push(event.reused),
    });
    const { outcomes } = result;
    expect(reused.filter((one) => one).length).toBeGreaterThanOrEqual(48);
    expect(reused).toHaveLength(outcomes.length);
    expect(await remaining(study, context)).toMatchObject({ kept: outcomes.length, guessed: 0 });

    // The same bits in one go, and an answer without training.
    const fresh = await runStudy(study, { ...context, store: new MemoryStore(), pool });
    expect(fresh.fingerprint).toBe(result.fingerprint);
    const kept = await store.study(result.id);
    if (kept === null) throw new Error("the study is not kept");
    expect((await answerFromStore(kept, context)).fingerprint).toBe(result.fingerprint);

    // Refined once more, what is known is not trained again.
    const again: boolean[] = [];
    const finer = await runStudy(parseStudy(text("interpolates", 3), "rates.yaml", CATALOGUE), {
      ...{ ...context, pool },
      onEvent: (event) => event.kind === "ended" && again.push(event.reused),
    });
    expect(again.filter((one) => one)).toHaveLength(outcomes.length);
    expect(finer.outcomes.length).toBeGreaterThan(outcomes.length);

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin },
    };
    const told = answered(result, CATALOGUE);
    const files = renderReport(told, provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, CATALOGUE, "paper").sort());
    const report = files.get("report.md") as string;
    const trained = outcomes.length / 3;
    expect(report).toContain(`Of 169 cells shown ${trained} were trained;`);
    const [, yaml] = report.split("```yaml\n");
    expect(parseStudy(yaml.split("```")[0], "again.yaml", CATALOGUE)).toEqual(study);

    const summary = JSON.parse(files.get("summary.json") as string) as {
      map: { cells: object; share: number; dimension?: object };
    };
    expect(summary.map).toMatchObject({
      ...{ x: "width", y: "training.learning_rate", of: "interpolates", refine: 2 },
      cells: { shown: 169, trained },
    });
    expect(summary.map.share).toBeGreaterThan(0);
    // Widths between 2 and 16 repeat.
    expect(summary.map.dimension).toBeUndefined();

    const claims = parseClaims(summary, "summary.json", CATALOGUE);
    const trials = claimedTrials(claims, dataset, CATALOGUE, sha256, "summary.json");
    expect(contradictions(claims, trials, sha256)).toEqual([]);
    expect(trials.map(({ fingerprint }) => fingerprint)).toEqual(
      outcomes.map(({ record }) => record.fingerprint),
    );
    expect(trials.map(({ key }) => key)).toEqual(outcomes.map(({ record }) => record.key));

    // Of very many trials it would tell the beginnings of fingerprints, and which cells are trained.
    const [asked] = study.ask ?? [];
    const cells = new MapCells(
      mapGrid(study, asked as unknown as MapSettings),
      MAP_VALUES.interpolates,
    );
    const { x, y } = cells.grid;
    for (const { point } of outcomes)
      cells.set(
        cells.place(x.values.indexOf(point.values[x.axis]), y.values.indexOf(point.values[y.axis])),
        1,
      );
    const large = {
      ...summary,
      fingerprints: outcomes.map(({ record }) => record.fingerprint.slice(0, 16)).join(""),
      map: { ...summary.map, trained: cells.trainedBits() },
    };
    const few = parseClaims(large, "large.json", CATALOGUE);
    const begun = claimedTrials(few, dataset, CATALOGUE, sha256, "large.json");
    expect(contradictions(few, begun, sha256)).toEqual([]);
    expect(begun.map(({ key }) => key)).toEqual(trials.map(({ key }) => key));
    expect(begun[5].fingerprint).toBe(trials[5].fingerprint.slice(0, 16));
    const less = { ...large, map: { ...large.map, trained: "" } };
    expect(() =>
      claimedTrials(
        parseClaims(less, "less.json", CATALOGUE),
        ...([dataset, CATALOGUE, sha256, "less.json"] as const),
      ),
    ).toThrow(`its study has 0 trials, but it tells the fingerprints of ${outcomes.length}`);

    const records = new Map(trials.map((trial, at) => [trial, outcomes[at].record]));
    const found = await answerOf(claims, records, dataset, CATALOGUE, sha256);
    expect(found?.fingerprint).toBe(result.fingerprint);
  } finally {
    await pool.close();
  }
});
