import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { InputError } from "../../base/errors.ts";
import { sha256 } from "../../base/sha256.node.ts";
import type { IdxContent } from "./idx-dataset.ts";
import { assembleDataset } from "./idx-dataset.ts";

const names = ["train-images", "train-labels", "test-images", "test-labels"] as const;
type Bytes = Record<(typeof names)[number], number[]>;

const sound: Bytes = {
  "train-images": [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6],
  "train-labels": [0, 0, 8, 1, 0, 0, 0, 2, 1, 0],
  "test-images": [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9],
  "test-labels": [0, 0, 8, 1, 0, 0, 0, 1, 2],
};

function assemble(changed: Partial<Bytes> = {}) {
  const contents = names.map((name): [string, IdxContent] => {
    const bytes = new Uint8Array(changed[name] ?? sound[name]);
    return [name, { name, bytes, digest: sha256(bytes) }];
  });
  const [a, b, c, d] = names.map((name) => ({ name, bytes: 0, sha256: "" }));
  const description = { name: "tiny", classNames: ["x", "y", "z"], files: [a, b, c, d] } as const;
  return assembleDataset(description, new Map(contents), sha256);
}

test("four files become a data set", () => {
  const { name, classes, train, test: tested, image } = assemble();
  expect({ name, classes }).toEqual({ name: "tiny", classes: 3 });
  expect({ examples: train.examples, size: train.size }).toEqual({ examples: 2, size: 3 });
  expect([...train.values]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...train.labels]).toEqual([1, 0]);
  expect([...tested.values]).toEqual([7, 8, 9]);
  expect([...tested.labels]).toEqual([2]);
  expect(image).toEqual({ rows: 1, columns: 3 });
});

test("the digest is the SHA-256 over the digests in the order of the files", () => {
  const whole = createHash("sha256");
  for (const name of names) {
    whole.update(createHash("sha256").update(new Uint8Array(sound[name])).digest());
  }
  expect(assemble().digest).toBe(whole.digest("hex"));
});

test.each<[string, Partial<Bytes>, string]>([
  [
    "a label is missing",
    { "train-labels": [0, 0, 8, 1, 0, 0, 0, 1, 1] },
    "train-labels has 1 labels, expected 2: as many as train-images has images",
  ],
  [
    "a label names no class",
    { "train-labels": [0, 0, 8, 1, 0, 0, 0, 2, 0, 3] },
    "train-labels labels example 1 as class 3, expected 0 to 2",
  ],
  [
    "the first label names no class",
    { "train-labels": [0, 0, 8, 1, 0, 0, 0, 2, 3, 0] },
    "train-labels labels example 0 as class 3, expected 0 to 2",
  ],
  [
    "images are flat",
    { "test-images": [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9] },
    "test-images has 2 dimensions, expected 3 (examples × rows × columns)",
  ],
  [
    "labels are images",
    { "test-labels": sound["test-images"] },
    "test-labels has 3 dimensions, expected 1 (examples)",
  ],
  [
    "test images are smaller",
    { "test-images": [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8] },
    "test-images has 2 pixels an image, expected 3: as many as train-images",
  ],
  ["a file is malformed", { "train-images": [0, 0, 9, 3] }, "train-images is no IDX file"],
])("%s", (_, changed, message) => {
  expect(() => assemble(changed)).toThrow(InputError);
  expect(() => assemble(changed)).toThrow(message);
});

test("a file is not there", () => {
  const [a, b, c, d] = names.map((name) => ({ name, bytes: 0, sha256: "" }));
  const description = { name: "tiny", classNames: ["x"], files: [a, b, c, d] } as const;
  expect(() => assembleDataset(description, new Map(), sha256)).toThrow(
    new InputError("tiny lacks its file train-images"),
  );
});
