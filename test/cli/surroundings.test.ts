// How the process meets the world: bin/widthwise.js under plain node, where something that it leans on is missing.

import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  cpSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const NODE = process.execPath;

const STUDY = `name: tiny
question: Does width 4 interpolate?
dataset: { name: gaussian-clusters, train: 60, test: 40, inputs: 5, classes: 3 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.01, passes: 1 }
sweep: { width: [4] }
streams: { kind: named, seeds: [0] }
`;

let folder: string;
let run: string;
beforeAll(() => {
  expect(existsSync(fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)))).toBe(true);
  folder = mkdtempSync(join(tmpdir(), "widthwise-surroundings-"));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "s.yaml"), STUDY);
  run = `run ${folder}/s.yaml --workers 1 --store ${folder}/store.db --out ${folder}/out`;
  expect(shell(`"${NODE}" "${BIN}" ${run}`).status).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function shell(command: string, options: Partial<SpawnSyncOptionsWithStringEncoding> = {}) {
  const { status, signal, stdout, stderr } = spawnSync("bash", ["-c", command], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
    ...options,
  });
  return { status: status ?? signal, stdout, stderr };
}

const isLinux = process.platform === "linux";

describe("what is missing is told in one sentence, and is no bug", () => {
  test("WebAssembly", () => {
    const { status, stderr } = shell(`"${NODE}" --jitless "${BIN}" ${run} --fresh`);
    expect(status).toBe(1);
    // Node itself warns before.
    expect(stderr.replace(/^Warning: .*\n/, "")).toBe(
      "this Node has no WebAssembly, and the kernel needs it: start it without --jitless\n",
    );
  });

  test.runIf(isLinux)("addresses for the kernel's memory, and for worker threads", () => {
    // The kernel's memory takes some 11 million KiB, V8's own 1, and each thread half of one.
    for (const [limit, sentence] of [
      [6_000_000, "the kernel's memory cannot be made: "],
      [14_000_000, "worker threads cannot be started: "],
    ] as const) {
      const { status, stderr } = shell(
        `ulimit -v ${limit}; "${NODE}" "${BIN}" ${run} --fresh --workers 8`,
      );
      expect(status).toBe(1);
      expect(stderr).toMatch(/^[^\n]* \(ulimit -v unlimited\)[^\n]*\n$/);
      expect(stderr).toContain(sentence);
    }
    const told = "NODE_OPTIONS=--disable-wasm-trap-handler";
    const fewer = `ulimit -v 9000000; "${NODE}" "${BIN}" ${run} --workers 1`;
    expect(shell(fewer).stderr).toContain(told);
    expect(shell(`export ${told}; ${fewer}`)).toMatchObject({ status: 0 });
  });

  test.runIf(existsSync("/dev/full"))("room for what goes to stdout", () => {
    for (const line of ["--help", `list --store ${folder}/store.db`, run]) {
      const { status, stderr } = shell(`"${NODE}" "${BIN}" ${line} > /dev/full`);
      expect(status).toBe(1);
      expect(stderr.split("\n").at(-2)).toBe(
        "what goes to standard output cannot be written (the disk is full); send it elsewhere",
      );
    }
  });

  test.runIf(existsSync("/dev/full"))("room for what goes to stderr ends nothing", () => {
    const { status, stdout } = shell(`"${NODE}" "${BIN}" ${run} 2> /dev/full`);
    expect(status).toBe(0);
    expect(stdout).toContain("fingerprint: ");
  });

  test.runIf(isLinux)("the working folder", () => {
    for (const line of [run, "run homework", "list", "doctor"]) {
      const { status, stderr } = shell(
        `mkdir gone && cd gone && rmdir ../gone && "${NODE}" "${BIN}" ${line}`,
      );
      expect(stderr).toBe("the working folder is gone; change to one that is there\n");
      expect(status).toBe(2);
    }
  });

  test("packages that are not installed", () => {
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const copy = join(folder, "copy");
    for (const part of ["bin", "dist", "package.json"])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    const { status, stderr } = shell(`"${NODE}" copy/bin/widthwise.js list`);
    expect(stderr).toMatch(/^widthwise cannot be loaded: Cannot find package '[^\n]*\n$/);
    expect(status).toBe(1);
  });

  test.runIf(isLinux)("files that may be open", () => {
    const { status, stderr } = shell(`ulimit -n 20; "${NODE}" "${BIN}" ${run}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^too many open files: [^\n]* 20 open; [^\n]*\n$/);
  });
});

test.each(["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])("a run needs no open %s", (closed) => {
  const { status, stderr } = shell(`"${NODE}" "${BIN}" ${run} ${closed}`);
  expect(status, stderr).toBe(0);
});

test("a run needs neither HOME nor TMPDIR nor a language", () => {
  const env = {
    ...process.env,
    HOME: undefined,
    TMPDIR: "/nowhere",
    LANG: "xx_YY",
    LC_ALL: "none",
  };
  expect(shell(`"${NODE}" "${BIN}" ${run}`, { env }).status).toBe(0);
});

describe("a study from a pipe", () => {
  const rest = `--workers 1 --store "$PWD/store.db" --out "$PWD/out" --json`;
  const command = (path: string) => `"${NODE}" "${BIN}" run ${path} ${rest}`;

  test.runIf(existsSync("/dev/stdin"))("is read as one from a file", () => {
    for (const { status, stdout, stderr } of [
      shell(`cat s.yaml | ${command("/dev/stdin")}`),
      shell(`${command("/dev/stdin")} < s.yaml`),
      shell(command("/dev/stdin"), { input: STUDY }),
      shell(`mkfifo fifo; cat s.yaml > fifo & ${command("./fifo")}`),
      shell(command("<(cat s.yaml)")),
    ]) {
      expect(status, stderr).toBe(0);
      expect(stdout).toContain('"study": "tiny"');
    }
  });

  test.runIf(existsSync("/dev/zero"))("is not read without end", () => {
    for (const line of [`cat /dev/zero | ${command("/dev/stdin")}`, command("/dev/zero")]) {
      const { status, stderr } = shell(line);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^study "[^\n]*": expected a small YAML file, got more than 1048576 bytes\n$/,
      );
    }
  });
});

describe("doctor", () => {
  /** Root may write everywhere, so that as root it is tried as nobody. */
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  function doctor(home: string, cwd: string) {
    const unset = {
      WIDTHWISE_STORE: undefined,
      XDG_DATA_HOME: undefined,
      XDG_CACHE_HOME: undefined,
    };
    return shell(`"${NODE}" "${BIN}" doctor`, {
      cwd,
      env: { ...process.env, ...unset, HOME: home },
      ...nobody,
    });
  }

  test.runIf(isLinux)("says where a run could not write, and makes nothing", () => {
    const [open, closed] = ["open", "closed"].map((name) => join(folder, name));
    mkdirSync(open);
    chmodSync(open, 0o777);
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    expect(doctor(open, open)).toMatchObject({ status: 0, stderr: "" });
    expect(shell(`ls -A "${open}"`).stdout).toBe("");
    const homeless = doctor(closed, open);
    expect(homeless.status).toBe(1);
    expect(homeless.stdout).not.toContain("all is well");
    expect(homeless.stderr).toBe(
      `store ${closed}/.local/share/widthwise/store.db: it cannot be made there; name another one with --store or WIDTHWISE_STORE\n`,
    );
    const fixed = doctor(open, closed);
    expect(fixed.status).toBe(1);
    expect(fixed.stderr).toBe(
      `--out ${closed}/runs: no permission to write there; name another folder\n`,
    );
  });
});

test("pixels constant in a subset are told while it runs and in every report, for the seed with the most", () => {
  const warnings = [[2], [2, 0], [0, 2]].map((seeds, index) => {
    const small = STUDY.replace(
      /^dataset: .*/m,
      "dataset: { name: fashion-mnist, fraction: 0.01 }",
    );
    writeFileSync(
      join(folder, "small.yaml"),
      small
        .replace("seeds: [0]", `study_seed: 1, seeds: [${seeds.join(", ")}]`)
        .replace(/^name: .*/m, "name: small"),
    );
    const store = `--store "${folder}/small${index}.db"`;
    const ran = shell(
      `"${NODE}" "${BIN}" run ./small.yaml --workers 1 ${store} --out small${index}`,
    );
    const drawn = shell(`"${NODE}" "${BIN}" report small ${store} --out drawn${index}`);
    expect([ran.status, drawn.status]).toEqual([0, 0]);
    const warning = /\d+ pixels? (?:is|are) constant in the 600 training images and [^\n]*/.exec(
      ran.stderr,
    )?.[0];
    for (const out of ["small", "drawn"])
      expect(readFileSync(join(folder, `${out}${index}`, "report.md"), "utf8")).toContain(
        `${String(warning)}.`,
      );
    return Number.parseInt(String(warning));
  });
  expect(warnings).toEqual([3, 4, 4]);
});
