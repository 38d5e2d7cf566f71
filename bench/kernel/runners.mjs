// Everything that is measured, each as a process that speaks the line protocol (protocol.mjs).

import { execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Node One way to run widthwise.
 * @property {string} label
 * @property {number} major
 * @property {string} command
 * @property {readonly string[]} options
 * @property {boolean} judged by the goals; else it is there for comparison, and for the kernel only
 *
 * @typedef {object} Candidate A runner that may or may not be there.
 * @property {string} name
 * @property {"ours" | "notebook" | "peer"} kind
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} env
 * @property {string | null} absent Why it cannot even be started.
 * @property {Node | null} node
 */

/** What widthwise chooses by itself on Node 24 and later, taken back. */
const PLAIN = "--no-experimental-wasm-revectorize";
/** Where Debian keeps its libraries, among them a plain BLAS in blas/, which OpenBLAS replaces where it is installed. */
const DEBIAN = `/usr/lib/${process.arch === "x64" ? "x86_64" : "aarch64"}-linux-gnu`;
const PLAIN_BLAS = [`${DEBIAN}/blas`, `${DEBIAN}/lapack`];

const NOT_SET_UP = "not set up: see bench/peers/setup.sh";

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The Node that runs this, and Node 24 where peers/setup.sh put it. */
const OWN_NODES = [
  process.execPath,
  here(`../peers/node_modules/node-${process.platform}-${process.arch}/bin/node`),
];

/**
 * As far as they are there.
 * @returns {Node[]}
 */
export function nodes(commands = OWN_NODES) {
  return commands.filter(existsSync).flatMap((command) => {
    const version = execFileSync(command, ["--version"], { encoding: "utf8" }).trim().slice(1);
    const major = Number.parseInt(version);
    const plain = { label: `Node ${version}`, major, command, options: [], judged: true };
    return major < 24
      ? [plain]
      : [
          { ...plain, label: `${plain.label}, 256-bit` },
          { ...plain, label: `${plain.label}, 128-bit`, options: [PLAIN], judged: false },
        ];
  });
}

/**
 * Who trains the homework's networks, and who those of shapes.mjs.
 * @param {string} folder of the problem
 * @returns {{ homework: Candidate[], shapes: Candidate[] }}
 */
export function candidates(folder) {
  const ours = nodes().map((node) => ({
    name: `widthwise, ${node.label}`,
    kind: /** @type {const} */ ("ours"),
    command: node.command,
    args: [...node.options, here("./widthwise.mjs"), folder],
    env: {},
    absent: null,
    node,
  }));
  const debian = { label: "Debian", command: "/usr/bin/python3", env: {} };
  const pypi = { label: "PyPI", command: here("../peers/.venv/bin/python"), env: {} };
  const plainBlas = {
    ...debian,
    label: "Debian, plain BLAS",
    env: { LD_LIBRARY_PATH: PLAIN_BLAS.join(":") },
  };
  /**
   * @param {string} name
   * @param {"notebook" | "peer"} kind
   * @param {string} script
   * @param {readonly { label: string, command: string, env: Record<string, string> }[]} with_
   * @param {readonly string[]} more arguments
   * @returns {Candidate[]}
   */
  const python = (name, kind, script, with_, more = []) =>
    with_.map(({ label, command, env }) => ({
      name: `${name} (${label})`,
      kind,
      command,
      args: [here(`../peers/${script}`), folder, ...more],
      env,
      absent: existsSync(command) ? null : NOT_SET_UP,
      node: null,
    }));
  /**
   * @param {string} name
   * @param {string} script
   * @returns {Candidate}
   */
  const javascript = (name, script) => ({
    name,
    kind: "peer",
    command: process.execPath,
    args: [here(`../peers/${script}`), folder],
    env: {},
    absent: existsSync(here("../peers/node_modules")) ? null : NOT_SET_UP,
    node: null,
  });
  return {
    shapes: [
      ...ours,
      ...python("JAX, lax.scan under jit", "peer", "jax_shapes.py", [pypi]),
      ...python("JAX, the same, unroll=16", "peer", "jax_shapes.py", [pypi], ["16"]),
    ],
    homework: [
      ...ours,
      ...python("PyTorch, the notebook's loop", "notebook", "pytorch_notebook.py", [
        ...(replacesPlainBlas() ? [plainBlas] : []),
        debian,
        pypi,
      ]),
      ...python("PyTorch, gradients by hand", "peer", "pytorch_by_hand.py", [debian, pypi]),
      ...python("NumPy and BLAS", "peer", "numpy_blas.py", [debian, pypi]),
      ...python("JAX, lax.scan under jit", "peer", "jax_scan.py", [pypi]),
      ...python("JAX, the same, unroll=16", "peer", "jax_scan.py", [pypi], ["16"]),
      javascript("TensorFlow.js, wasm", "tfjs.mjs"),
      javascript("jax-js, wasm", "jax-js.mjs"),
    ],
  };
}

/** Whether both BLAS are there, so that what `apt-get install python3-torch` alone gives is one more row. */
function replacesPlainBlas() {
  const [plain] = PLAIN_BLAS;
  return (
    existsSync(`${plain}/libblas.so.3`) &&
    realpathSync(`${DEBIAN}/libblas.so.3`) !== realpathSync(`${plain}/libblas.so.3`)
  );
}
