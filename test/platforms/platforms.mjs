// The platforms of the suite: which Node, which of its compilers, which kind of memory. Knows nothing of cases
// and starts nothing.

import process from "node:process";

/**
 * @typedef {object} Platform
 * @property {string} name what sets it apart, without Node's version
 * @property {number} major Node's major version
 * @property {boolean} emulated arm64 under an emulator
 * @property {readonly string[]} flags of V8
 * @property {RegExp | undefined} proof what V8 or fingerprints.mjs prints where 256 bits were in use
 * @property {readonly string[]} memory options of fingerprints.mjs
 */

/**
 * A way to compile the kernel: V8's tiers, alone and as they come, and the instructions that they may use.
 * @typedef {object} Compiler
 * @property {string} name
 * @property {readonly string[]} flags
 * @property {RegExp} [proof]
 */

/** @type {Compiler} */
const DEFAULT = { name: "default", flags: [] };
/** @type {Compiler} */
const LIFTOFF = { name: "Liftoff only", flags: ["--liftoff-only"] };
/** @type {Compiler} */
const TURBOFAN = { name: "TurboFan only", flags: ["--no-liftoff"] };
/** @type {Compiler} */
const WITHOUT_AVX = { name: "without AVX", flags: ["--no-liftoff", "--no-enable-avx"] };

// A processor without AVX2, or a kernel that V8 finds nothing to revectorize in, must not pass for a success.
const REVECTORIZE = ["--experimental-wasm-revectorize", "--trace-wasm-revectorize"];
const proof = /Decided? to vectorize/;
/** @type {Compiler} */
const TIERED_REVECTORIZED = { name: "revectorized", flags: REVECTORIZE, proof };
// Without Liftoff even the shortest trial runs in revectorized code.
/** @type {Compiler} */
const REVECTORIZED = {
  name: "TurboFan only, revectorized",
  flags: ["--no-liftoff", ...REVECTORIZE],
  proof,
};

/** What widthwise chooses by itself where it lets V8 revectorize. @type {Compiler} */
const CHOSEN = { name: "default, revectorized", flags: [], proof: /"wide":true/ };
/** @type {Compiler} */
const NOT_REVECTORIZED = {
  name: "not revectorized",
  flags: ["--no-experimental-wasm-revectorize"],
};

/**
 * Whether widthwise lets V8 revectorize.
 * @param {number} major
 */
const revectorizes = (major) => process.arch === "x64" && major >= 24;

const MAJORS = [20, 22, 24, 26];
const EMULATED_MAJORS = [20, 24];

const PRIVATE = { name: "private", memory: ["--private"] };
/** @param {number} count */
const workers = (count) => ({
  name: `${count} ${count === 1 ? "worker" : "workers"}`,
  memory: ["--workers", String(count)],
});

/** @returns {readonly Platform[]} */
export function platforms() {
  const native = MAJORS.flatMap((major) => [
    ...cross(major, [chosen(major)], [workers(1), workers(2), workers(3), workers(4)]),
    ...cross(major, [DEFAULT], [PRIVATE]),
    ...cross(major, compilers(major), [workers(2), PRIVATE]),
  ]);
  if (process.arch === "arm64") return native;
  const emulated = EMULATED_MAJORS.flatMap((major) =>
    cross(major, [DEFAULT, LIFTOFF, TURBOFAN], [workers(2), PRIVATE]).map((platform) => ({
      ...platform,
      name: `arm64, ${platform.name}`,
      emulated: true,
    })),
  );
  return [...native, ...emulated];
}

/** @param {number} major */
function chosen(major) {
  return revectorizes(major) ? CHOSEN : DEFAULT;
}

/** @param {number} major */
function compilers(major) {
  return [
    LIFTOFF,
    TURBOFAN,
    ...(process.arch === "x64" ? [WITHOUT_AVX] : []),
    ...(revectorizes(major) ? [NOT_REVECTORIZED, TIERED_REVECTORIZED, REVECTORIZED] : []),
  ];
}

/**
 * @param {number} major
 * @param {readonly Compiler[]} compilers
 * @param {readonly { name: string, memory: readonly string[] }[]} memories
 * @returns {Platform[]}
 */
function cross(major, compilers, memories) {
  return compilers.flatMap((compiler) =>
    memories.map(({ name, memory }) => ({
      name: `${compiler.name}, ${name}`,
      major,
      emulated: false,
      flags: compiler.flags,
      proof: compiler.proof,
      memory,
    })),
  );
}
