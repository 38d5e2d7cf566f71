// npm run test:slurm: a study by a real Slurm on this machine, as root: munged, slurmctld and slurmd are started on
// the loopback with files of their own, and ended by their numbers. Four shards; one task is killed and requeued, the
// controller is ended and started again; merged, the fingerprint is that of one process.
//
//     apt-get install slurm-wlm munge

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import console from "node:console";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, URL } from "node:url";

const SHARDS = 4;
const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

const STUDY = `
name: slurm
question: How wide must it be?
dataset: { name: mnist-1d, examples: 1000 }
model: { hidden: [width], init: he }
training: { learning_rate: 0.01, passes: 1200 }
sweep: { width: [16, 32, 64] }
streams: { kind: named, seeds: 0..3 }
`;

const folder = mkdtempSync(join(tmpdir(), "widthwise-slurm-"));
chmodSync(folder, 0o755);
/** @param {string} name */
const at = (name) => join(folder, name);
const env = { ...process.env, SLURM_CONF: at("slurm.conf"), WIDTHWISE_STORE: at("main.db") };
/** By name; ended from the last to the first.
 * @type {Map<string, import("node:child_process").ChildProcess>} */
const servers = new Map();

/** @param {string} program @param {string[]} args */
function run(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** @param {string[]} args */
const widthwise = (...args) => run(process.execPath, BIN, ...args);

/** @param {string[]} args */
function told(...args) {
  const found = /** @type {unknown} */ (
    JSON.parse(widthwise("run", "./study.yaml", "--json", ...args))
  );
  return /** @type {{ fingerprint: string, trials: { sweep: number } }} */ (found);
}

/** @param {string} name @param {string[]} args @param {{ uid?: number, gid?: number }} user */
function serve(name, args, user = {}) {
  servers.set(name, spawn(name, args, { cwd: folder, env, stdio: "ignore", ...user }));
}

/** @param {string} name */
async function end(name) {
  const server = servers.get(name);
  servers.delete(name);
  if (server?.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "close");
  server.kill();
  await ended;
}

/** @param {string} what @param {() => boolean} isSo */
async function until(what, isSo, seconds = 120) {
  const last = Date.now() + 1000 * seconds;
  while (!isSo()) {
    assert.ok(Date.now() < last, `${what}: not within ${seconds} s`);
    await setTimeout(200);
  }
}

/** @param {string} program @param {string[]} args */
const asked = (program, ...args) =>
  spawnSync(program, args, { cwd: folder, env, encoding: "utf8", timeout: 10_000 });

function configure() {
  const { uid, gid } = userOf("munge");
  mkdirSync(at("munge"), { mode: 0o755 });
  writeFileSync(at("munge/key"), randomBytes(1024), { mode: 0o400 });
  for (const path of [at("munge"), at("munge/key")]) chownSync(path, uid, gid);
  for (const name of ["spool", "state", "jobs"]) mkdirSync(at(name));
  const name = hostname().split(".")[0];
  const lines = {
    ClusterName: "widthwise",
    SlurmctldHost: `${name}(127.0.0.1)`,
    SlurmUser: "root",
    AuthType: "auth/munge",
    AuthInfo: `socket=${at("munge/socket")}`,
    CredType: "cred/munge",
    SlurmctldPort: 26817,
    SlurmdPort: 26818,
    CommunicationParameters: "NoCtldInAddrAny,NoInAddrAny",
    SlurmctldPidFile: at("slurmctld.pid"),
    SlurmdPidFile: at("slurmd.pid"),
    SlurmctldLogFile: at("slurmctld.log"),
    SlurmdLogFile: at("slurmd.log"),
    SlurmdSpoolDir: at("spool"),
    StateSaveLocation: at("state"),
    MpiDefault: "none",
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    JobAcctGatherType: "jobacct_gather/none",
    AccountingStorageType: "accounting_storage/none",
    SelectType: "select/cons_tres",
    ReturnToService: 2,
    JobRequeue: 1,
    MinJobAge: 600,
  };
  const node = `NodeName=${name} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} RealMemory=1000 State=UNKNOWN`;
  const partition = `PartitionName=main Nodes=${name} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4`;
  const settings = Object.entries(lines).map(([key, value]) => `${key}=${value}`);
  writeFileSync(at("slurm.conf"), [...settings, node, partition, ""].join("\n"));
}

/** @param {string} name */
function userOf(name) {
  const [uid, gid] = ["-u", "-g"].map((option) =>
    Number(spawnSync("id", [option, name], { encoding: "utf8" }).stdout),
  );
  assert.ok(uid > 0, `no user ${name}: apt-get install slurm-wlm munge`);
  return { uid, gid };
}

/** What Slurm says of a task. @param {string} job @param {number} task */
function stateOf(job, task) {
  const { stdout } = asked("scontrol", "show", "job", `${job}_${task}`);
  return /JobState=(\w+)/.exec(stdout)?.[1] ?? "UNKNOWN";
}

/** The process that trains a shard. @param {number} task */
function trainerOf(task) {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map(Number)
    .find((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return (
          words[1] === BIN &&
          words.includes(`${task}/${SHARDS}`) &&
          words.some((word) => word.startsWith(folder))
        );
      } catch {
        return false;
      }
    });
}

const tasks = Array.from({ length: SHARDS }, (_, i) => i + 1);

try {
  assert.equal(process.getuid?.(), 0, "Slurm's servers are started as root");
  writeFileSync(at("study.yaml"), STUDY);
  console.log(
    `slurm ${run("slurmctld", "-V").trim()}, node ${process.versions.node}, in ${folder}`,
  );
  const local = told("--store", "local.db", "--out", "local");
  console.log(`one process: ${local.fingerprint}`);

  configure();
  const munge = ["key-file", "socket", "pid-file", "log-file", "seed-file"].map((name) => {
    const file = { "key-file": "key", socket: "socket" }[name] ?? name;
    return `--${name}=${at(`munge/${file}`)}`;
  });
  serve("munged", ["--foreground", ...munge], userOf("munge"));
  await until("munged", () => asked("munge", "-n", "-S", at("munge/socket")).status === 0);
  serve("slurmctld", ["-D", "-i"]);
  serve("slurmd", ["-D"]);
  await until("a node", () => asked("sinfo", "-h", "-o", "%t").stdout.includes("idle"));

  writeFileSync(at("job.sh"), widthwise("sbatch", "./study.yaml", "--shards", String(SHARDS)));
  const job = run("sbatch", "--parsable", "--oversubscribe", "job.sh").trim();
  // Others have to come to their end before it, on a machine that may do much else.
  await until("task 2 trains", () => trainerOf(2) !== undefined, 600);
  // A commit is due every two seconds.
  await setTimeout(6000);
  const victim = trainerOf(2);
  assert.ok(victim, "task 2 came to its end before it was killed");
  process.kill(victim, "SIGKILL");
  await until("task 2 has failed", () => stateOf(job, 2) === "FAILED");
  console.log("task 2 was killed, and has failed");

  await until("task 3 trains", () => trainerOf(3) !== undefined, 600);
  const before = tasks.map((task) => stateOf(job, task)).join(", ");
  // Killed within seconds of a task's start, it would not know that it runs, and Slurm would take its node out of service.
  await end("slurmctld");
  await setTimeout(3000);
  assert.notEqual(asked("scontrol", "ping").status, 0, "the controller is gone");
  serve("slurmctld", ["-D"]);
  await until("the controller", () => asked("sinfo", "-h").status === 0);
  console.log(`the controller was ended (tasks: ${before}) and started again`);
  run("scontrol", "requeue", `${job}_2`);

  await until("all tasks", () => tasks.every((task) => stateOf(job, task) === "COMPLETED"), 600);
  const logs = readdirSync(folder).filter((name) => /^slurm-.*\.out$/.test(name));
  for (const name of logs)
    for (const line of readFileSync(at(name), "utf8").split("\n"))
      if (line.startsWith("slurm, shard")) console.log(line);
  const merged = readFileSync(at("job.sh"), "utf8")
    .trimEnd()
    .split("\n")
    .slice(-2)[0]
    .replace(/^# */, "");
  console.log(run("bash", "-c", merged).trim());
  assert.equal(told("--dry-run").trials.sweep, 0, "trials that are yet to be trained");
  const answered = told("--out", "merged");
  console.log(`merged:      ${answered.fingerprint}`);
  assert.equal(answered.fingerprint, local.fingerprint);
} finally {
  const reversed = [...servers.keys()].reverse();
  if (servers.has("slurmctld")) asked("scancel", "--signal=KILL", "--user=root");
  for (const name of reversed) await end(name);
  rmSync(folder, { recursive: true, force: true });
}
