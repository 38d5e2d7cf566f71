// Reads a data set from NumPy's .npz: a zip of x_train, y_train, x_test and y_test.

import { InputError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { UserFiles } from "../files/files.ts";
import { LabelCollector, type ClassNames, type Labels } from "./label-collector.ts";
import {
  numbers,
  product,
  readEach,
  readNumbers,
  readPieces,
  rowMajor,
  shapeText,
  withMembers,
  type Member,
  type Members,
} from "./npz-members.ts";
import { imageOf, type RawDataset } from "./raw.ts";
import { ValueCollector, type Values } from "./value-collector.ts";

const NAMES = ["x_train", "y_train", "x_test", "y_test"];

/**
 * The data set in the file at `path`. x are integers, or floats of 16 to 64 bits, (n, …); y are integers or whole
 * floats from 0 to 255, or texts, (n) or (n, 1).
 * @throws InputError where it is none, before memory is taken for what it claims.
 */
export function readNpz(
  path: string,
  signal: AbortSignal | undefined,
  files: UserFiles,
): Promise<RawDataset> {
  return withMembers(path, signal, files, (members) => readDataset(members, path, files));
}

async function readDataset(
  { open }: Members,
  path: string,
  { checkRoom }: UserFiles,
): Promise<RawDataset> {
  const members: Member[] = [];
  for (const name of NAMES)
    members.push(await open(name, NAMES, name.startsWith("y") ? "may have texts" : undefined));
  const [xTrain, yTrain, xTest, yTest] = members;
  checkShapes(xTrain, yTrain);
  checkShapes(xTest, yTest);
  if (valuesPerExample(xTest) !== valuesPerExample(xTrain))
    throw new InputError(
      `${xTest.what} has ${valuesPerExample(xTest)} values per example; expected ${valuesPerExample(xTrain)}, as x_train has`,
    );
  checkRoom(4 * (numbers(xTrain) + numbers(xTest)), path);
  const read = async (x: Member, y: Member, known?: ClassNames) => {
    const { labels, classNames } = await readLabels(y, known);
    return { classNames, examples: { labels, values: await readValues(x) } };
  };
  const train = await read(xTrain, yTrain);
  const { classNames } = train;
  const test = await read(xTest, yTest, classNames);
  return {
    ...{ train: train.examples, test: test.examples },
    ...(classNames && { classNames }),
    ...imageOf(xTrain.npy.shape),
  };
}

/** x is (n, …), y is (n) or (n, 1). */
function checkShapes(x: Member, y: Member): void {
  const [examples, columns = 1, ...more] = y.npy.shape;
  if (y.npy.shape.length === 0 || columns !== 1 || more.length > 0)
    throw new InputError(
      `${y.what} has the shape ${shapeText(y.npy.shape)}; expected a class number for each example, (n) or (n, 1)`,
    );
  if (x.npy.shape.length < 2 || numbers(x) === 0)
    throw new InputError(
      `${x.what} has the shape ${shapeText(x.npy.shape)}; expected at least one value of each example, (n, …)`,
    );
  if (x.npy.shape[0] !== examples)
    throw new InputError(
      `${y.what} has ${examples} labels; expected ${x.npy.shape[0]}, as many as there are examples`,
    );
}

/** `known`: how those of the training set are told apart. */
async function readLabels(member: Member, known: ClassNames | undefined): Promise<Labels> {
  const labels = new LabelCollector(numbers(member), known);
  const check = (expected: string | null, at: number, told: string) => {
    if (expected !== null)
      throw new InputError(
        `${member.what} has the label ${told} in row ${at} (counted from 0); expected ${expected}`,
      );
  };
  const { readText } = member.npy;
  if (readText === undefined)
    await readNumbers(member, (at, value) => {
      check(labels.number(at, value), at, String(value));
    });
  else
    await readEach(member, readText, (at, text) => {
      check(labels.text(at, text), at, quote(text));
    });
  return labels.first(numbers(member));
}

async function readValues(member: Member): Promise<Values> {
  const { npy, what } = member;
  if (npy.isBytes && !npy.fortran) {
    const values = new Uint8Array(numbers(member));
    await readPieces(member, (at, bytes) => {
      values.set(bytes, at);
    });
    return values;
  }
  const values = new ValueCollector(numbers(member));
  const size = valuesPerExample(member);
  const place = npy.fortran ? rowMajor(npy.shape) : (at: number) => at;
  await readNumbers(member, (at, value) => {
    const index = place(at);
    if (!values.set(index, value))
      throw new InputError(
        `${what} has ${value} in row ${Math.floor(index / size)}, column ${index % size} (counted from 0); expected a finite number of float32`,
      );
  });
  return values.first(numbers(member));
}

function valuesPerExample({ npy }: Member): number {
  return product(npy.shape.slice(1));
}
