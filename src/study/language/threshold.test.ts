// What a study may say beside the question for its threshold.

import { expect, test } from "vitest";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { parseStudy } from "./parse.ts";

const lines = (more: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    name: "t",
    question: "How wide?",
    dataset: "{ name: mnist-1d, examples: 100 }",
    model: "{ hidden: [width], init_std: 0.1 }",
    training: "{ learning_rate: 0.1, passes: 5 }",
    ask: "[threshold]",
    ...more,
  })
    .map(([key, value]) => `${key}: ${value}`)
    .join("\n");
const parse = (more?: Readonly<Record<string, string>>) => parseStudy(lines(more), "t", CATALOGUE);

test("a study that asks for its threshold sweeps nothing, and stops trials at interpolation", () => {
  expect(parse()).toMatchObject({
    sweep: { width: [] },
    model: { hidden: ["width"] },
    streams: { kind: "named", study_seed: 0, seeds: [0] },
    stop: { after_interpolation: 0 },
  });
  expect(parse({ stop: "{ after_interpolation: 0 }" })).toEqual(parse());
  expect(parse({ streams: "{ study_seed: 3 }" }).streams).toMatchObject({ study_seed: 3 });
  const axis = { sweep: "{ dataset.examples: [50, 100] }", dataset: "{ name: mnist-1d }" };
  expect(parse(axis).sweep).toMatchObject({ width: [], paths: { "dataset.examples": [50, 100] } });
  const searching = { training: "{ learning_rate: eta_star / 2, passes: 5 }" };
  expect(parse({ ...searching, search: "{ width: 8 }" }).search.width).toBe(8);
});

test.each([
  [{ sweep: "{ width: [8] }" }, "sweep.width: threshold finds the widths itself"],
  [{ streams: "{ seeds: 0..9 }" }, "streams.seeds: threshold takes seeds 0, 1, …"],
  [{ streams: "{ seeds: [0] }" }, "streams.seeds: threshold takes seeds 0, 1, …"],
  [
    { sweep: "{ width: [8] }", streams: "{ seeds: 0..9 }" },
    "sweep.width: threshold finds the widths itself and takes seeds 0, 1, … as it needs them; leave sweep.width and streams.seeds out, or give another study_seed",
  ],
  [
    { streams: "{ seeds: 0..9 }", stop: "{ after_interpolation: 5 }", sweep: "{ width: [8] }" },
    "and stops its trials once they interpolate; leave sweep.width, streams.seeds and stop out",
  ],
  [{ model: "{ hidden: [8], init_std: 0.1 }" }, "ask[0]: threshold searches a width"],
  [
    { stop: "{ after_interpolation: 5 }" },
    "stop: threshold stops its trials once they interpolate; leave stop out",
  ],
  [{ ask: "[threshold, learning-curves]" }, "ask[1]: this is answered from a sweep"],
  [
    {
      streams: "{ kind: notebook, numpy_seed: 1, torch_seed: 0 }",
      dataset: "{ name: fashion-mnist, fraction: 0.1 }",
    },
    "ask[0]: threshold needs named streams",
  ],
])("%j beside it is refused", (more, message) => {
  expect(() => parse(more)).toThrow(message);
});

test("without it nothing changes: a width must be swept, and seeds are [0] where none are given", () => {
  const swept = { ask: "[learning-curves]", sweep: "{ width: [8] }" };
  expect(parse(swept).streams).toEqual({ kind: "named", study_seed: 0, seeds: [0] });
  expect(parse(swept)).not.toHaveProperty("stop");
  expect(() => parse({ ask: "[learning-curves]" })).toThrow('"width" stands for the swept width');
});
