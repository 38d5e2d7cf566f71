// MNIST from a made-up mirror on loopback: no real one can be asked by a test.

import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { WidthwiseError } from "../../src/base/errors.ts";
import { loadDataset } from "../../src/data/load.node.ts";
import { MNIST } from "../../src/data/sets/mnist.ts";
import { published } from "../../src/data/sets/set.ts";
import { DATASETS } from "../../src/data/sets/table.ts";
import { sound, startMirror } from "./mirror-server.ts";
import { temporaryFolder, tinyDataset, withoutApt } from "./tiny.ts";

test("is fetched from its mirrors, kept in the cache, and read from there", async () => {
  const { description, archives } = tinyDataset();
  const { address, requests } = await startMirror(archives, sound);
  const classNames = MNIST.classNames.slice(0, 3);
  const files = { ...MNIST, classNames, files: description.files, mirrors: [address] };
  const cacheDirectory = await temporaryFolder();
  const load = () =>
    loadDataset(
      { name: "mnist" },
      { mnist: published(files) },
      { cacheDirectory, env: withoutApt },
    );
  const { dataset, origin } = await load();
  expect(origin).toBe(`${address} (cached in ${cacheDirectory})`);
  expect(dataset).toMatchObject({ name: "mnist", classes: 3, image: { rows: 28, columns: 28 } });
  expect((await readdir(cacheDirectory)).sort()).toEqual([...archives.keys()].sort());
  expect(await load()).toEqual({ dataset, origin: cacheDirectory });
  expect(requests).toHaveLength(4);
});

test("other numbers than the published ones are refused, and no package is named", async () => {
  const header = (...dimensions: number[]) => {
    const bytes = Buffer.alloc(4 + 4 * dimensions.length);
    bytes.writeUInt32BE(0x0800 + dimensions.length);
    dimensions.forEach((size, i) => bytes.writeUInt32BE(size, 4 + 4 * i));
    return bytes;
  };
  const headers = [header(60000, 28, 28), header(60000), header(10000, 28, 28), header(10000)];
  const archives = new Map(
    MNIST.files.map(({ name, bytes }, i) => {
      const content = Buffer.concat([headers[i]], bytes);
      return [`${name}.gz`, gzipSync(content, { level: 1 })];
    }),
  );
  const { address, requests } = await startMirror(archives, sound);
  const asked: string[] = [];
  const loading = loadDataset({ name: "mnist" }, DATASETS, {
    cacheDirectory: await temporaryFolder(),
    env: withoutApt,
    fetch: (url, options) => {
      const { href } = url as URL;
      asked.push(href);
      return fetch(new URL(basename(href), address), options);
    },
  });
  const failure: unknown = await loading.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(WidthwiseError);
  const [first, , ...faults] = (failure as Error).message.split("\n");
  expect(first).toBe(
    "MNIST was found nowhere; name a folder that has its files (train-images-idx3-ubyte.gz, …) with --data",
  );
  expect(faults).toEqual(
    MNIST.mirrors.map(
      (mirror) =>
        expect.stringContaining(`  ${mirror}: train-images-idx3-ubyte.gz was altered`) as unknown,
    ),
  );
  expect((failure as Error).message).toContain("expected ba891046e650…");
  expect(requests).toHaveLength(8);
  expect(asked).toContain(
    "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz",
  );
});
