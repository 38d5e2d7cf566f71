// A machine with 100 bytes of memory: what would take more is refused by every format.

import { join } from "node:path";
import { zipSync } from "fflate";
import { dump } from "npyjs";
import { expect, test, vi } from "vitest";
import { temporaryFolder, tinyDataset, writeFiles } from "../../../test/data/tiny.ts";
import { loadPath } from "../load-path.node.ts";

vi.mock("../../base/available-memory.node.ts", () => ({ availableMemory: () => 100 }));

const advice = "of memory, and there is room for 1.00e-7 GB; take fewer examples";

test("an .npz, a folder and CSV", async () => {
  const folder = await temporaryFolder();
  const array = (count: number, ...shape: number[]) =>
    new Uint8Array(dump(new Uint8Array(count), shape));
  await writeFiles(folder, [
    ...tinyDataset().archives,
    [
      "a.npz",
      zipSync({
        ...{ "x_train.npy": array(20, 4, 5), "y_train.npy": array(4, 4) },
        ...{ "x_test.npy": array(10, 2, 5), "y_test.npy": array(2, 2) },
      }),
    ],
    ["a.csv", "1,2,0\n3,4,1\n"],
  ]);
  const path = (name: string) => join(folder, name);
  await expect(loadPath(path("a.npz"))).rejects.toThrow(
    `${path("a.npz")} would take 1.20e-7 GB ${advice}`,
  );
  await expect(loadPath(folder)).rejects.toThrow(advice);
  await expect(loadPath(path("a.csv"), { test: path("a.csv") })).rejects.toThrow(advice);
});
