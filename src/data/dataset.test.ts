import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { checkDataset, type Dataset, type LabelledImages } from "./dataset.ts";

function images(examples: number, size = 4): LabelledImages {
  const pixels = new Uint8Array(examples * size);
  return { examples, size, pixels, labels: Uint8Array.from({ length: examples }, (_, n) => n % 3) };
}

const sound: Dataset = {
  ...{ name: "mine", classes: 3, digest: "" },
  ...{ train: images(6), test: images(3) },
};

test("a sound data set passes", () => {
  expect(() => {
    checkDataset(sound);
  }).not.toThrow();
});

describe("is refused:", () => {
  const train = (changes: object) => ({ ...sound, train: { ...sound.train, ...changes } });
  test.each<[string, Dataset, string]>([
    [
      "a label beyond the classes",
      { ...sound, classes: 2 },
      "label 2 of example 2 in the training set; expected 0 to 1",
    ],
    [
      "the same in the test set",
      { ...sound, test: { ...sound.test, labels: Uint8Array.of(0, 7, 1) } },
      "label 7 of example 1 in the test set; expected 0 to 2",
    ],
    ["no classes", { ...sound, classes: 0 }, "0 classes; expected an integer from 1 to 256"],
    [
      "pixels that are missing",
      train({ pixels: new Uint8Array(23) }),
      "23 pixels in the training set; expected 24",
    ],
    [
      "labels that are missing",
      train({ labels: new Uint8Array(5) }),
      "5 labels in the training set; expected 6",
    ],
    [
      "pixels that are no bytes",
      train({ pixels: new Float32Array(24) }),
      "the pixels of the training set are no Uint8Array; expected bytes",
    ],
    [
      "no examples",
      { ...sound, test: images(0) },
      "0 examples in the test set; expected an integer from 1",
    ],
    [
      "images of another size",
      { ...sound, test: images(3, 5) },
      "5 values per example in the test set; expected 4, as in the training set",
    ],
  ])("%s", (_, dataset, sentence) => {
    const check = () => {
      checkDataset(dataset);
    };
    expect(check).toThrow(InputError);
    expect(check).toThrow(`data set mine: ${sentence}`);
  });
});
