// A worker or a coordinator of the queue's tests, through the library, with shorter times than users have.
//
//   node test/queue/process.mjs worker redis://… [threads]
//   node test/queue/process.mjs coordinator redis://… STORE [studies' names]
//
// A coordinator prints its studies' fingerprints as JSON.

/* global AbortController */

import console from "node:console";
import process from "node:process";
import { sha256 } from "../../dist/base/sha256.node.js";
import { InputError } from "../../dist/base/errors.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import { createQueuePool } from "../../dist/pool/queue/queue-pool.node.js";
import { openServer } from "../../dist/pool/queue/server.node.js";
import { workOn } from "../../dist/pool/queue/worker.node.js";
import { CATALOGUE } from "../../dist/questions/catalogue.js";
import { SqliteStore } from "../../dist/records/sqlite/sqlite-store.node.js";
import { runStudy } from "../../dist/study/run.js";
import { dataset, isPassByPass, STUDIES, TIMES } from "./study.mjs";

const [role, address, argument = "", names = ""] = process.argv.slice(2);
const password = process.env.WIDTHWISE_QUEUE_PASSWORD;
const server = await openServer(address, password);
const data = dataset();
const end = new AbortController();
const hasNoData = process.env.NO_DATA !== undefined;
process.once("SIGTERM", () => {
  end.abort();
});
try {
  if (role === "worker") await worker();
  else await coordinator();
} finally {
  await server.close();
}

async function worker() {
  const trainer = { machine: `process ${process.pid}`, versions: process.version };
  const threads = Number(argument || 1);
  console.log("ready");
  await workOn({
    ...{ server, threads, trainer, sha256, signal: end.signal },
    // One that is to die is not waited for.
    times: process.env.POISON === undefined ? TIMES : { ...TIMES, lease: 500 },
    load: (digest) => {
      if (hasNoData) throw new InputError(`it has not the data set ${digest.slice(0, 12)}`);
      return Promise.resolve(data);
    },
    createPool: (set, given) => createNodePool({ dataset: set, workers: threads, sha256, given }),
    mostDeaths: Number(process.env.MOST_DEATHS ?? 3),
    onEvent: (event) => {
      console.log(event.kind, "reason" in event ? event.reason : "");
      const isPoison = "trials" in event && event.trials.some(isPoisonous);
      if (event.kind === "begun" && isPoison) process.kill(process.pid, "SIGKILL");
    },
  });
}

/** @param {import("../../src/model/trial.ts").Trial} trial */
function isPoisonous({ specification: { model } }) {
  return process.env.POISON !== undefined && model.hidden[0] === Number(process.env.POISON);
}

async function coordinator() {
  const store = new SqliteStore(argument, {
    ...{ sha256, trainer: { machine: "coordinator", versions: "" } },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  const pool = await createQueuePool({
    ...{ server, dataset: data, source: null, sha256, times: TIMES },
    kept: async (key, passes) => {
      const newest = await store.resume(key);
      return newest !== null && newest.checkpoint.pass > passes
        ? store.resume(key, passes)
        : newest;
    },
    measure: () => {
      throw new Error("nothing is measured");
    },
    onProblem: (sentence) => {
      console.error(sentence);
    },
    onDifferent: ({ key, pass }) => {
      console.error(`differs: ${key} ${pass}`);
    },
  });
  const { whole, ...turns } = pool;
  /** @type {Record<string, string>} */
  const fingerprints = {};
  try {
    for (const study of STUDIES) {
      if (names !== "" && !names.split(",").includes(study.name)) continue;
      const { fingerprint } = await runStudy(study, {
        ...{ catalogue: CATALOGUE, dataset: data, store, sha256, signal: end.signal },
        pool: isPassByPass(study) || whole === undefined ? turns : { ...turns, whole },
      });
      fingerprints[study.name] = fingerprint;
    }
    console.log(JSON.stringify(fingerprints));
  } finally {
    await pool.close();
    await store.close();
  }
}
