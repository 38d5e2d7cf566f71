// A process that speaks the line protocol (protocol.mjs), asked one thing at a time and never for ever.

import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { parseJson } from "../json.mjs";

/** A first answer may have to import or compile a whole framework. */
const START_SECONDS = 90;
const ANSWER_SECONDS = 60;

/**
 * @typedef {{ version?: string, missing?: string, error?: string, value?: number, objective?: number, right?: number[] }} Answer
 */

export class Runner {
  #child;
  /** @type {AsyncIterator<string, undefined>} */
  #lines;
  /** The end of what it said to stderr, which is the reason where it dies. */
  #complaint = "";

  /**
   * @param {import("./runners.mjs").Candidate} candidate
   * @param {import("./pinning.mjs").Pinning} pinning
   */
  constructor({ command, args, env: own }, { prefix, env }) {
    const [first, ...others] = [...prefix, command, ...args];
    this.#child = spawn(first, others, {
      env: { ...process.env, ...env, ...own },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.on("error", (error) => {
      this.#complaint = error.message;
    });
    // A question to a process that has died is answered by its end of output.
    this.#child.stdin.on("error", () => undefined);
    this.#child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      this.#complaint = (this.#complaint + text).slice(-2000);
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What it says of itself. */
  ready() {
    return this.#next(START_SECONDS);
  }

  /**
   * @param {{ task: string, width?: number, shape?: number, seconds?: number }} request
   */
  ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#next(request.task === "check" ? START_SECONDS : ANSWER_SECONDS);
  }

  stop() {
    this.#child.kill("SIGKILL");
  }

  /**
   * The next line; throws an Error with the reason where there is none in time.
   * @param {number} seconds
   * @returns {Promise<Answer>}
   */
  async #next(seconds) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    /** @type {Promise<never>} */
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`no answer in ${seconds} s`));
      }, 1000 * seconds);
    });
    try {
      const { done, value } = await Promise.race([this.#lines.next(), late]);
      if (done === true) throw new Error(lastLine(this.#complaint));
      const answer = /** @type {Answer} */ (parseJson(value));
      const problem = answer.missing ?? answer.error;
      if (problem !== undefined) throw new Error(problem);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @param {string} text */
function lastLine(text) {
  const line = text.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "it ended without a word" : line;
}
