// A data set of a few kilobytes in the four files and the folders of the real one, for whole-folder tests.

import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { IdxDataset, IdxFile } from "../../src/data/formats/idx-dataset.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { hex } from "../../src/base/sha256.ts";

export interface TinyDataset {
  readonly description: Required<IdxDataset>;
  /** Archives by their names, …-ubyte.gz. */
  readonly archives: ReadonlyMap<string, Uint8Array>;
}

/** 60 training and 20 test images of random pixels; neither mirrors nor a system folder. */
export function tinyDataset(): TinyDataset {
  const archives = new Map<string, Uint8Array>();
  function file(name: string, dimensions: number[], values: Uint8Array): IdxFile {
    const header = Buffer.alloc(4 + 4 * dimensions.length);
    header.set([8, dimensions.length], 2);
    dimensions.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
    const bytes = Buffer.concat([header, values]);
    archives.set(`${name}.gz`, new Uint8Array(gzipSync(bytes)));
    return { name, bytes: bytes.length, sha256: hex(sha256(bytes)) };
  }
  const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 3);
  const description: Required<IdxDataset> = {
    name: "tiny",
    title: "Tiny",
    classNames: ["x", "y", "z"],
    image: { rows: 28, columns: 28 },
    files: [
      file("train-images-idx3-ubyte", [60, 28, 28], randomBytes(60 * 784)),
      file("train-labels-idx1-ubyte", [60], labels(60)),
      file("t10k-images-idx3-ubyte", [20, 28, 28], randomBytes(20 * 784)),
      file("t10k-labels-idx1-ubyte", [20], labels(20)),
    ],
    mirrors: [],
    debian: { package: "dataset-tiny", directory: "/nonexistent/datasets/tiny" },
  };
  return { description, archives };
}

/** An environment in which no command is found. */
export const withoutApt: NodeJS.ProcessEnv = { PATH: "/nonexistent" };

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "widthwise-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeFiles(
  folder: string,
  files: Iterable<readonly [string, Uint8Array | string]>,
): Promise<void> {
  for (const [name, content] of files) await writeFile(join(folder, name), content);
}
