// What goes through the queue in tests: the campaigns' studies, and trials that take longer than a stretch.

import { dataset, STUDIES as SMALL } from "../reliability/study.mjs";

export { dataset };

/** Shorter than users have them. */
export const TIMES = { lease: 1500, look: 500, stretch: 100, silence: 2000, delay: 300 };

/** @type {import("../../src/study/spec.ts").Study} */
const LONG = {
  name: "long",
  question: "Does it survive?",
  dataset: { name: "fashion-mnist", fraction: 1 },
  model: { hidden: ["width"], init_std: 0.1 },
  training: { learning_rate: 0.01, regularization: 0, passes: 301 },
  search: { width: 8, factor: 0.9 },
  sweep: { width: [96, 128] },
  streams: { kind: "named", study_seed: 1, seeds: [0, 1, 2] },
  // The last pass is off it.
  evaluate: { every: 2 },
};

/** @type {readonly import("../../src/study/spec.ts").Study[]} */
export const STUDIES = [...SMALL, LONG];

/** Whether a study's small trials are handed over pass by pass, too: every other one. @param {{ name: string }} study */
export const isPassByPass = ({ name }) =>
  ["longer", "momentum", "diverging", "long"].includes(name);
