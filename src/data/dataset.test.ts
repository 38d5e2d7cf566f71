import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { checkDataset, type Dataset, type LabelledExamples } from "./dataset.ts";

function images(examples: number, size = 4): LabelledExamples {
  const values = new Uint8Array(examples * size);
  return { examples, size, values, labels: Uint8Array.from({ length: examples }, (_, n) => n % 3) };
}

function floats(set: LabelledExamples): LabelledExamples {
  return { ...set, values: Float32Array.from(set.values, (value) => value - 0.5) };
}

const sound: Dataset = {
  ...{ name: "mine", classes: 3, digest: "" },
  ...{ train: images(6), test: images(3) },
};

test.each<[string, Dataset]>([
  ["of bytes", { ...sound, image: { rows: 2, columns: 2 } }],
  ["of float32", { ...sound, train: floats(sound.train), test: floats(sound.test) }],
  ["of as many classes as bytes can name", { ...sound, classes: 256 }],
])("a sound data set %s passes", (_, dataset) => {
  expect(() => {
    checkDataset(dataset);
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
    ["too many classes", { ...sound, classes: 257 }, "257 classes; expected an integer from 1"],
    [
      "values that are missing",
      train({ values: new Uint8Array(23) }),
      "23 values in the training set; expected 24",
    ],
    [
      "labels that are missing",
      train({ labels: new Uint8Array(5) }),
      "5 labels in the training set; expected 6",
    ],
    [
      "values of another type",
      train({ values: new Float64Array(24) }),
      "the values of the training set are neither a Uint8Array nor a Float32Array",
    ],
    [
      "labels that are no bytes",
      train({ labels: new Float32Array(6) }),
      "the labels of the training set are no Uint8Array; expected bytes",
    ],
    [
      "bytes beside float32",
      train({ values: new Float32Array(24) }),
      "bytes in one of the training and the test set and float32 in the other; expected the same in both",
    ],
    [
      "a value that is not finite",
      train({ values: new Float32Array(24).fill(NaN, 9, 10) }),
      "value 1 of example 2 in the training set is NaN; expected a finite number",
    ],
    [
      "a first value that is not finite",
      train({ values: new Float32Array(24).fill(Infinity, 0, 1) }),
      "value 0 of example 0 in the training set is Infinity; expected a finite number",
    ],
    [
      "other names than values",
      { ...sound, inputNames: ["a", "b"] },
      "2 names of values; expected 4, one for each of an example",
    ],
    [
      "images of another size than the examples",
      { ...sound, image: { rows: 2, columns: 3 } },
      "images of 2 × 3 values; expected 4 an example",
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
