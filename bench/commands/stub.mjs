// Trials that nobody trained, which fit their own fingerprints all the same.

import { sha256 } from "../../dist/node.js";
import { FingerprintChain, trialKey } from "../../dist/records/fingerprint.js";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { packRows } from "../../dist/records/packed-rows.js";

export const [INPUTS, CLASSES] = [12, 3];
export const EXAMPLES = { train: 150, test: 50 };
const ORDER = new NumpyRandomState(0).snapshot();

/** @param {number} width @param {number} pass */
function weightsOf(width, pass) {
  return {
    weights: [new Float32Array(INPUTS * width).fill(pass), new Float32Array(width * CLASSES)],
    biases: [new Float32Array(width), new Float32Array(CLASSES)],
  };
}

/** @param {import("../../src/model/trial.ts").TrialSpecification} specification @param {number} passes @returns {import("../../src/records/store.ts").WholeTrial} */
export function stub(specification, passes) {
  const key = trialKey(specification, sha256);
  const [width] = specification.model.hidden;
  const chain = FingerprintChain.begin(key, weightsOf(width, 0), sha256);
  /** @param {number} examples */
  const score = (examples) => ({ objective: 0.5, correct: 1, examples });
  const [train, test] = [score(EXAMPLES.train), score(EXAMPLES.test)];
  const rows = Array.from({ length: passes + 1 }, (_, pass) => {
    if (pass > 0) chain.evaluated(train, test, { parameters: weightsOf(width, pass), state: [] });
    const averages =
      Math.floor((pass * EXAMPLES.train) / 100) -
      Math.floor((Math.max(0, pass - 1) * EXAMPLES.train) / 100);
    return {
      evaluation: { pass, train, test, fingerprint: chain.fingerprint },
      averages: Array.from({ length: averages }, () => 0.5),
    };
  });
  return {
    ...{ key, specification, examples: EXAMPLES, seconds: 0.001 },
    rows: packRows(rows),
    ending: { kind: "finished" },
    fingerprint: chain.fingerprint,
    checkpoint: {
      ...{ pass: passes, parameters: weightsOf(width, passes), state: [], average: 0.5 },
      order: ORDER,
    },
  };
}
