// Debian's archive as a source: the package is downloaded by apt and unpacked into a folder of our own.
// Needs no root and installs nothing.

import type { ExecFileException } from "node:child_process";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { WidthwiseError } from "../../base/errors.ts";
import { findInFolder } from "./folder.node.ts";
import type { IdxDataset, IdxFile } from "../formats/idx-dataset.ts";
import type { DownloadProgress, Environment, Found, Source } from "./source.ts";

const execFileAsync = promisify(execFile);

/** Milliseconds that one command may take: the package lists and the data are 60 MB in all. */
const COMMAND_TIMEOUT = 300_000;

type Debian = NonNullable<IdxDataset["debian"]>;

export interface DebianOptions {
  readonly env: Environment;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

export function debianSource(debian: Debian, options: DebianOptions): Source {
  const name = `Debian's package ${debian.package}`;
  return {
    name,
    remote: true,
    find: (files) => {
      options.onProgress?.({ source: name, file: debian.package, received: 0, total: null });
      return findInPackage(debian, files, options);
    },
  };
}

async function findInPackage(
  debian: Debian,
  files: readonly IdxFile[],
  options: DebianOptions,
): Promise<Found> {
  let work: string | undefined;
  try {
    work = await temporaryFolder();
    await downloadPackage(work, debian.package, options);
    return await findInFolder(join(work, "root", debian.directory), files);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof WidthwiseError) return { files: [], fault: error };
    throw error;
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "widthwise-apt-"));
  } catch (error) {
    throw new WidthwiseError(`no temporary folder (${(error as Error).message})`, { cause: error });
  }
}

/** Unpacks the package's files into `work`/root. */
async function downloadPackage(work: string, name: string, options: DebianOptions): Promise<void> {
  // Lists and cache of our own make apt work without root and beside another apt.
  const lists = join(work, "lists");
  const cache = join(work, "cache");
  await mkdir(join(lists, "partial"), { recursive: true });
  const apt = (...command: string[]) =>
    run(
      "apt-get",
      [
        ...["-o", `Dir::State::Lists=${lists}`, "-o", `Dir::Cache=${cache}`],
        ...["-o", "Acquire::Languages=none", "-o", "Acquire::Retries=0"],
        ...["-o", "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10"],
        ...["-o", "APT::Update::Error-Mode=any", "-q", ...command],
      ],
      work,
      options,
    );
  // Another archive that fails need not matter; one that does is the reason for what fails next.
  const updateFault = await apt("update").catch((error: unknown) => error);
  await apt("download", name).catch((error: unknown) => {
    throw updateFault ?? error;
  });
  const archive = (await readdir(work)).find((entry) => entry.endsWith(".deb"));
  if (archive === undefined) throw new WidthwiseError("apt-get downloaded no package");
  await run("dpkg-deb", ["-x", archive, "root"], work, options);
}

async function run(
  command: string,
  parameters: readonly string[],
  cwd: string,
  { env, signal }: DebianOptions,
): Promise<void> {
  try {
    await execFileAsync(command, parameters, {
      cwd,
      env: { ...env, LC_ALL: "C" },
      timeout: COMMAND_TIMEOUT,
      maxBuffer: 1 << 24,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw new WidthwiseError(failure(command, error as ExecFileException), { cause: error });
  }
}

function failure(command: string, { code, killed, stderr }: ExecFileException): string {
  if (code === "ENOENT") return `there is no ${command} here`;
  if (killed) return `${command} took longer than ${COMMAND_TIMEOUT / 1000} s`;
  const said = stderr?.split("\n").find((line) => /^E: |error/.test(line));
  return `${command} failed (${said ?? `exit code ${code}`})`;
}
