// Finds what the suite runs on: Node by version and architecture from npm, and what emulates a processor from
// Debian. All of it lands in a folder of widthwise's cache (delete it to fetch anew); nothing is installed.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { defaultCacheDirectory } from "../../dist/data/sources/cache.node.js";

/**
 * A command that runs a JavaScript file.
 * @typedef {readonly [string, ...string[]]} Runtime
 */

const CACHE = defaultCacheDirectory("platforms");

/** Debian's packages that Node needs on arm64. */
const ARM64_LIBRARIES = ["libc6", "libstdc++6", "libgcc-s1", "libatomic1"];
const QEMU = "usr/bin/qemu-aarch64-static";

/**
 * Node of a major version for the architecture `arch`: this one where it fits, else npm's package.
 * @param {number} major
 * @param {string} [arch] defaults to this machine's
 * @returns {Runtime}
 */
export function node(major, arch = process.arch) {
  if (arch === process.arch && process.versions.node.startsWith(`${major}.`)) {
    return [process.execPath];
  }
  const name = `node-${process.platform}-${arch}`;
  const folder = keep(`${name}-${major}`, (work) => {
    run("npm", ["pack", `${name}@${major}`], work);
    run("tar", ["-xzf", only(work, ".tgz"), "--strip-components=1", "package/bin/node"], work);
    rmSync(join(work, only(work, ".tgz")));
  });
  return [join(folder, "bin/node")];
}

/**
 * Node for arm64 under an emulator that runs on this machine.
 * @param {number} major
 * @returns {Runtime}
 */
export function emulatedNode(major) {
  const root = keep("qemu-arm64", unpackEmulator);
  const [command] = node(major, "arm64");
  return [join(root, QEMU), "-L", root, command];
}

/**
 * Unpacks the emulator and the arm64 libraries into `work`. Lists and cache of our own let apt know of an
 * architecture that this system need not know of, and make it work without root.
 * @param {string} work
 */
function unpackEmulator(work) {
  const apt = join(work, "apt");
  mkdirSync(join(apt, "lists/partial"), { recursive: true });
  const host = run("dpkg", ["--print-architecture"], work).trim();
  const options = [
    ...["-o", `APT::Architectures::=${host}`, "-o", "APT::Architectures::=arm64"],
    ...["-o", `Dir::State::Lists=${join(apt, "lists")}`, "-o", `Dir::Cache=${join(apt, "cache")}`],
    ...["-o", "Acquire::Languages=none", "-q"],
  ];
  run("apt-get", [...options, "update"], work);
  const libraries = ARM64_LIBRARIES.map((name) => `${name}:arm64`);
  run("apt-get", [...options, "download", "qemu-user-static", ...libraries], apt);
  for (const archive of readdirSync(apt).filter((file) => file.endsWith(".deb"))) {
    run("dpkg-deb", ["-x", join(apt, archive), archive.startsWith("qemu") ? apt : work], work);
  }
  mkdirSync(join(work, "usr/bin"), { recursive: true });
  // The package has an emulator of every processor, 400 MB.
  renameSync(join(apt, QEMU), join(work, QEMU));
  rmSync(apt, { recursive: true });
}

/**
 * The folder `name` of the cache; made whole by `make` where it is not there.
 * @param {string} name
 * @param {(work: string) => void} make fills the folder that it is given
 * @returns {string}
 */
function keep(name, make) {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    make(work);
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {string} ending
 * @returns {string} the one file there whose name ends so
 */
function only(folder, ending) {
  const [file] = readdirSync(folder).filter((name) => name.endsWith(ending));
  return file;
}

/**
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {string} cwd
 * @returns {string} what it printed
 */
function run(command, parameters, cwd) {
  return execFileSync(command, parameters, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 600_000,
  });
}
