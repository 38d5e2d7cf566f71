import { expect, test } from "vitest";
import { datasetWarnings, subsetWarning } from "./misleading.ts";

test("a warning counts pixels of images, and inputs of other examples", () => {
  expect(subsetWarning(0, 60, "pixel")).toBeNull();
  expect(subsetWarning(1, 60, "pixel")).toMatch(
    /^1 pixel is constant in the 60 training images and not in the test images: /,
  );
  expect(subsetWarning(2, 6, "input")).toMatch(
    /^2 inputs are constant in the 6 training examples and not in the test examples: /,
  );
});

test("of a data set of one's own, which inputs number its examples", () => {
  /** An example's inputs, and every other one of another class. */
  const part = (rows: readonly (readonly number[])[]) => ({
    ...{ examples: rows.length, size: rows[0].length, values: Float32Array.from(rows.flat()) },
    labels: Uint8Array.from(rows, (_, at) => at % 2),
  });
  const warned = (
    train: readonly (readonly number[])[],
    test: readonly (readonly number[])[],
    inputNames?: readonly string[],
  ) =>
    datasetWarnings({
      ...{ name: "mine", digest: "", classes: 2, train: part(train), test: part(test) },
      ...(inputNames && { inputNames }),
    });
  const numbered = (numbers: readonly number[]) => numbers.map((id) => [0.5, id, (id * 7) % 5]);
  // As a share of one file has it: in any order.
  const [ids, others] = [
    [7, 1, 2, 9, 5, 6, 3, 10],
    [8, 4, 11],
  ];
  const sentence = (which: string) =>
    `the input ${which} numbers the examples, and is learned from as any other; leave it out of the file if it says nothing of new ones`;
  expect(warned(numbered(ids), numbered(others), ["size", "id", "kind"])).toEqual([sentence('"id"')]); // prettier-ignore
  expect(warned(numbered(ids), numbered(others))).toEqual([sentence("2 of 3")]);
  // A file for each set, that both begin anew.
  const twelve = Array.from({ length: 12 }, (_, id) => id);
  const both = (numbers: readonly number[]) => numbers.map((id) => [-id, id]);
  expect(warned(both(twelve), both([...twelve, 12]), ["down", "up"])).toEqual([
    'the inputs "down" and "up" number the examples, and are learned from as any other; leave them out of the file if they say nothing of new ones',
  ]);
  // With a gap, with one twice, with halves, and so few that it may be by chance.
  for (const [train, test] of [
    [ids, [8, 4, 12]],
    [ids, [8, 4, 4]],
    [ids, [8, 4, 10.5]],
    [ids.slice(0, -1), [8, 4, 10]],
  ])
    expect(warned(numbered(train), numbered(test))).toEqual([]);
});

test("of a data set of one's own, whether it is tested on itself, and classes without examples", () => {
  const part = (values: number[], labels: number[]) => ({
    ...{ examples: labels.length, size: 1, values: Float32Array.from(values) },
    labels: Uint8Array.from(labels),
  });
  const train = part([1, 2, 3], [1, 2, 3]);
  const warned = (test: typeof train, classes = 4) =>
    datasetWarnings({ name: "mine", digest: "", classes, train, test });
  expect(warned(part([1, 2, 4], [1, 2, 3]))).toEqual([
    "no training example has the label 0; labels count from 0 to 3, and every number up to the largest is a class",
  ]);
  expect(warned(part([1, 2, 3], [1, 1, 1]))[0]).toMatch(/^the test set is the training set/);
  expect(warned(part([1, 2], [1, 1]), 10)).toEqual([
    expect.stringContaining("the label 0, 4, 5, 6 and 7, among others;"),
  ]);
  const named = { name: "mine", digest: "", classes: 3, classNames: ["blue", "bleu", "red"] };
  const colours = part([1, 2, 3, 4], [0, 2, 0, 2]);
  expect(datasetWarnings({ ...named, train: colours, test: part([5, 6], [0, 1]) })).toEqual([
    'no training example is of the class "bleu"',
    'of the class "bleu" there is a single example; where a name is misspelt, it is a class of its own',
  ]);
  expect(datasetWarnings({ ...named, train: colours, test: part([5, 6], [1, 1]) })).toHaveLength(1);
  const whole = { ...train, labels: Uint8Array.of(0, 1, 0) };
  expect(
    datasetWarnings({ name: "mine", digest: "", classes: 2, train: whole, test: part([1], [0]) }),
  ).toEqual([]);
});
