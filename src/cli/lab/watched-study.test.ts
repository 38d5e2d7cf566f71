// That whoever watches a study that is trained here is told all of it, whenever they come.

import { expect, test } from "vitest";
import { record } from "../../../test/support/outcomes.ts";
import { DATASET_SIZES, mapStudy, MNIST_1D_SIZE, study } from "../../../test/support/studies.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import type { WatchedEvent } from "../../report/watching.ts";
import { studyPlan } from "../../study/plans/study-plan.ts";
import { WatchedStudy } from "./watched-study.ts";

const MAP = mapStudy("passes_to_interpolation", [0, 1]);
const SIZES = { classes: 10, train: { size: 40 }, test: { examples: 1000 } };

test("a map's trials are told as cells, and no more of them than a page is given", () => {
  const told: WatchedEvent[] = [];
  const watched = new WatchedStudy(MAP, 5, (event) => told.push(event));
  const next = studyPlan(MAP, MNIST_1D_SIZE, CATALOGUE)(() => undefined);
  if ("answer" in next) throw new Error("nothing is trained yet");
  watched.onEvent({ kind: "planned", trials: next.trials, dataset: SIZES });
  expect(told).toEqual([{ kind: "planned", trials: [] }]);
  const [first, second, ...others] = next.trials;
  const end = (planned: typeof first) => {
    const { width, "training.learning_rate": rate } = planned.point.values;
    const options = { seed: Number(planned.point.seed), learning_rate: Number(rate) };
    const made = record(Number(width), [[2, 0.5, 2, 0.5], [1, 0.5, 1, 0.5]], options); // prettier-ignore
    watched.onEvent({ kind: "ended", planned, record: made, reused: false });
  };
  end(first);
  expect(watched.soFar().at(-1)).toEqual({
    ...{ kind: "cells", cells: [], round: { trials: 18, done: 1 } },
  });
  end(second);
  watched.close();
  const cell = {
    ...{ place: 0, value: "Infinity", diverged: false, learningRate: 0.01 },
    trials: [{ seed: 0 }, { seed: 1 }],
  };
  const round = { trials: 18, done: 2 };
  expect(told.at(-1)).toMatchObject({ kind: "cells", cells: [cell], round });
  expect(watched.soFar().at(-1)).toMatchObject({ kind: "cells", cells: [cell], round });
  for (const planned of others) end(planned);
  watched.close();
  const [all] = watched.soFar().flatMap((event) => (event.kind === "cells" ? event.cells : []));
  expect(all).toMatchObject(cell);
  expect(told.flatMap((event) => (event.kind === "cells" ? event.cells : []))).toHaveLength(2);
});

test("a trial's evaluations are told once, though they are told again here, and no more than a page is given", () => {
  const told: WatchedEvent[] = [];
  const watched = new WatchedStudy(study({ widths: [8] }), 4, (event) => told.push(event));
  const next = studyPlan(study({ widths: [8] }), DATASET_SIZES, CATALOGUE)(() => undefined);
  if ("answer" in next) throw new Error("nothing is trained yet");
  watched.onEvent({ kind: "planned", trials: next.trials, dataset: SIZES });
  const [{ trials = [] }] = told as { trials?: readonly { key: string }[] }[];
  const [{ key }] = trials;
  const [planned] = next.trials;
  const rows = Array.from({ length: 5 }, (_, pass) => [5 - pass, 0, 0, 0] as const);
  const made = { ...record(8, rows), key };
  const pass = (...passes: readonly number[]) => {
    for (const at of passes)
      watched.onEvent({
        kind: "passed",
        planned,
        row: { evaluation: made.trajectory[at] } as never,
      });
    watched.close();
  };
  pass(0, 1);
  pass(0, 1, 2);
  watched.onEvent({ kind: "ended", planned, record: made, reused: false });
  const passes = told.flatMap((event) =>
    event.kind === "rows" ? [event.all.flatMap((one) => one.rows.map(([at]) => at))] : [],
  );
  expect(passes).toEqual([[0, 1], [2]]);
  expect(told.at(-1)).toMatchObject({ kind: "ended", key, passes: 4 });
});
