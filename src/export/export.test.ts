import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { parquetReadObjects, parquetMetadata } from "hyparquet";
import { parse as parseNpy } from "npyjs";
import { expect, test } from "vitest";
import { outcome } from "../../test/support/outcomes.ts";
import type { TrialSpecification } from "../model/trial.ts";
import type { Parameters } from "../model/network.ts";
import type { Standardization } from "../data/standardize.ts";
import { csvWriter } from "./csv.ts";
import { jsonWriter } from "./json.ts";
import { npz } from "./npz.ts";
import { parquetWriter } from "./parquet.ts";
import { safetensors } from "./safetensors.ts";
import { COLUMNS, columnsOf, rowsOf, type ExportedTrial, type TableWriter } from "./table.ts";

/** One of the notebook's, one diverged with seeds and losses that are no finite numbers, one without passes. */
const TRIALS: readonly ExportedTrial[] = [
  {
    ...outcome(8, [
      [2.3025854, 0.1, 2.3025854, 0.1],
      [1 / 3, 0.9, 0.5, 0.8],
    ]),
    studies: ["homework", "other"],
  },
  {
    ...outcome(
      16,
      [
        [2.3025854, 0.1, 2.3025854, 0.1],
        [NaN, 0.1, Infinity, 0.1],
      ],
      { seed: 7, ending: { kind: "diverged", pass: 2, step: 812 } },
    ),
    studies: [],
  },
  {
    ...outcome(32, [[2.3, 0.1, 2.3, 0.1]]),
    record: { ...outcome(32, [[2.3, 0.1, 2.3, 0.1]]).record, ending: null },
    studies: ["homework"],
  },
];

const NAMES = COLUMNS.map(({ name }) => name);

function pieces<Piece extends string | Uint8Array>(
  writer: TableWriter<Piece>,
  trials: readonly ExportedTrial[],
): Piece[] {
  return [...trials.map((trial) => writer.add(trial)), writer.end()];
}

function lines(trials: readonly ExportedTrial[]): string[] {
  return pieces(csvWriter(COLUMNS), trials).join("").split("\r\n");
}

function parquet(trials: readonly ExportedTrial[]): ArrayBuffer {
  return new Uint8Array(Buffer.concat(pieces(parquetWriter(COLUMNS), trials))).buffer;
}

test("the columns are those that the documentation promises, in its order", () => {
  const page = readFileSync(new URL("../../docs/exports.md", import.meta.url), "utf8");
  const [, table = ""] = page.split(/^## Columns$/m);
  const documented = table
    .split(/^## /m)[0]
    .matchAll(/^\| `(?<name>\w+)` +\| (?<type>text|integer|double) +\|/gm);
  expect([...documented].map(({ groups }) => [groups?.name, groups?.type])).toEqual(
    COLUMNS.map(({ name, type }) => [name, type]),
  );
});

test("measurements are columns behind the promised ones, empty where nothing was measured", () => {
  const measured = new Map([["margin", new Map([[1, -0.25]])]]);
  const columns = columnsOf(["margin", "distance_1"]);
  const [header, first, second] = pieces(csvWriter(columns), [{ ...TRIALS[0], measured }])
    .join("")
    .split("\r\n");
  expect(header).toBe([...NAMES, "margin", "distance_1"].join(","));
  expect([first.split(",").slice(-2), second.split(",").slice(-2)]).toEqual([
    ["", ""],
    ["-0.25", ""],
  ]);
});

test("CSV: one row for each trial and pass, with all digits", () => {
  const [header, first, second] = lines(TRIALS);
  expect(header).toBe(NAMES.join(","));
  expect(lines(TRIALS)).toHaveLength(1 + 5 + 1);
  const { key, specification, trajectory } = TRIALS[0].record;
  expect(first).toBe(
    `homework other,8,[8],0.000001,,notebook,,,1,0,0.005,0,${specification.data.dataset},6000,10000,1,` +
      `${key},finished,,,0,2.3025854,0.1,2.3025854,0.1,600,1000,${trajectory[0].fingerprint},` +
      "relu,cross-entropy,sgd,0,1,with replacement,constant,normal,,0,",
  );
  expect(second).toContain(",1,0.3333333333333333,0.9,");
});

/** What the first version had, which is a promise. */
const FIRST_COLUMNS =
  "study width hidden init_std perturbation streams study_seed seed numpy_seed torch_seed learning_rate regularization dataset " +
  "train_examples test_examples numerics key outcome diverged_pass diverged_step pass train_loss train_accuracy test_loss " +
  "test_accuracy train_correct test_correct fingerprint";

test("columns are added behind those that were there", () => {
  expect(NAMES.slice(0, 28).join(" ")).toBe(FIRST_COLUMNS);
  expect(NAMES.slice(28).join(" ")).toBe(
    "activation objective optimizer momentum batch order schedule init layer_rates label_noise part",
  );
});

type Changes = {
  readonly [Key in "data" | "model" | "training"]?: Partial<TrialSpecification[Key]>;
};

/** Of a trial with named streams and two layers. */
function told(changes: Changes, ...names: readonly string[]): (string | number | null)[] {
  const { record } = TRIALS[1];
  const { data, training } = record.specification;
  const specification: TrialSpecification = {
    ...record.specification,
    data: { ...data, ...changes.data },
    model:
      changes.model?.init === undefined
        ? { hidden: [4], init_std: 1, ...changes.model }
        : { hidden: [4], ...changes.model },
    training: { ...training, ...changes.training },
  };
  const [row] = rowsOf({ ...TRIALS[1], record: { ...record, specification } });
  return names.map((name) => COLUMNS.find((column) => column.name === name)?.of(row) ?? null);
}

const ADAM = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const FILE = { parameters: "3f".repeat(32) };

test.each<[Changes, Readonly<Record<string, string | number | null>>]>([
  [{ model: { hidden: [] } }, { activation: null }],
  [{ model: { activation: "tanh" } }, { activation: "tanh", init: "normal", init_std: 1 }],
  [{ model: { init_std: [1, 2] } }, { init_std: null, init: '{"kind":"normal","std":[1,2]}' }],
  [{ model: { init: "torch" } }, { init_std: null, init: "torch" }],
  [
    { model: { init: FILE } },
    { init_std: null, init: `{"kind":"file","parameters":"${FILE.parameters}"}` },
  ],
  [{ training: { objective: "squared error" } }, { objective: "squared error" }],
  [
    { training: { optimizer: { kind: "sgd", momentum: 0.9 }, batch: 16 } },
    { optimizer: "sgd", momentum: 0.9, batch: 16 },
  ],
  [
    { training: { optimizer: { kind: "sgd", momentum: 0.9, nesterov: true } } },
    { optimizer: '{"kind":"sgd","nesterov":true}', momentum: 0.9 },
  ],
  [{ training: { optimizer: ADAM } }, { optimizer: "adam", momentum: null }],
  [
    { training: { optimizer: { ...ADAM, beta1: 0.8, weight_decay: 0.1 } } },
    { optimizer: '{"kind":"adam","beta1":0.8,"weight_decay":0.1}' },
  ],
  [{ training: { order: "shuffled" } }, { order: "shuffled" }],
  [
    { training: { schedule: { kind: "inverse square root" } } },
    { schedule: "inverse square root" },
  ],
  [
    { training: { schedule: { kind: "cosine", passes: 9 } } },
    { schedule: '{"kind":"cosine","passes":9}' },
  ],
  [{ training: { layer_rates: [1, 0.5] } }, { layer_rates: "[1,0.5]" }],
  [{ data: { label_noise: { share: 0.2 } } }, { label_noise: "0.2" }],
  [
    { data: { label_noise: { probability: 0.2, kind: "redrawn" } } },
    { label_noise: '{"probability":0.2,"kind":"redrawn"}' },
  ],
  [{ data: { part: { of: 5, index: 0 } } }, { part: '{"of":5,"index":0}' }],
])("parts of %j", (changes, expected) => {
  expect(told(changes, ...Object.keys(expected))).toEqual(Object.values(expected));
});

test("CSV: what is not finite has its usual name, what does not apply is empty", () => {
  const row = lines(TRIALS)[4];
  expect(row).toMatch(/^,16,\[16\],0\.000001,,named,0,7,,,/);
  expect(row).toContain(",diverged,2,812,1,NaN,0.1,Infinity,0.1,600,1000,");
  expect(lines(TRIALS)[5]).toContain(",unfinished,,,0,");
});

test("CSV: a list of widths is quoted", () => {
  const { record } = TRIALS[0];
  const deep = { ...record.specification, model: { hidden: [64, 32], init_std: 1 } };
  const trial = { ...TRIALS[0], record: { ...record, specification: deep } };
  expect(lines([trial])[1]).toContain(',"[64,32]",');
});

test("JSON: an object for each row, null for what is not finite", () => {
  const read = (trials: readonly ExportedTrial[]) =>
    JSON.parse(pieces(jsonWriter(COLUMNS), trials).join("")) as Record<string, unknown>[];
  expect(read([])).toEqual([]);
  const rows = read(TRIALS);
  expect(rows.map((row) => Object.keys(row))).toEqual(rows.map(() => NAMES));
  expect(rows[1]).toMatchObject({ study: "homework other", train_loss: 1 / 3, perturbation: null });
  expect(rows[3]).toMatchObject({ outcome: "diverged", train_loss: null, test_loss: null });
});

test("Parquet: reads back as what it was, NaN and infinities too", async () => {
  const file = parquet(TRIALS);
  const rows = await parquetReadObjects({ file });
  expect(rows.map((row) => Object.keys(row))).toEqual(rows.map(() => NAMES));
  const expected = TRIALS.flatMap(rowsOf).map((row) =>
    Object.fromEntries(
      COLUMNS.map((column) => {
        const value = column.of(row);
        return [column.name, column.type === "integer" && value !== null ? BigInt(value) : value];
      }),
    ),
  );
  expect(rows).toEqual(expected);
});

test("Parquet: an empty selection is a table without rows", async () => {
  const file = parquet([]);
  expect(
    parquetMetadata(file)
      .schema.slice(1)
      .map(({ name }) => name),
  ).toEqual(NAMES);
  expect(await parquetReadObjects({ file })).toEqual([]);
});

test("Parquet: more rows than a group holds are written group by group", async () => {
  const trajectory = Array.from({ length: 120_001 }, (_, pass) => ({
    ...TRIALS[0].record.trajectory[0],
    pass,
  }));
  const trial = { ...TRIALS[0], record: { ...TRIALS[0].record, trajectory } };
  const file = parquet([trial]);
  expect(parquetMetadata(file).row_groups.map(({ num_rows }) => num_rows)).toEqual([
    50_000n,
    50_000n,
    20_001n,
  ]);
  const rows = await parquetReadObjects({ file, columns: ["pass"] });
  expect(rows.at(-1)).toEqual({ pass: 120_000n });
});

/** 3 inputs, 2 hidden, 2 classes; every value its own, one of them NaN. */
const PARAMETERS: Parameters = {
  weights: [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(0.1, NaN, -Infinity, 0.4)],
  biases: [Float32Array.of(7, 8), Float32Array.of(9, 10)],
};

/** Of its 3 inputs, the second of which was the same in all examples. */
const INPUTS: Standardization = {
  mean: Float32Array.of(11, 12, 13),
  deviation: Float32Array.of(0.5, 1e-6, 1.5),
};

test(".npz: w and b of each layer, (in, out), then mean and deviation of the inputs", () => {
  const files = unzipSync(npz(PARAMETERS, INPUTS));
  expect(Object.keys(files)).toEqual(
    ["w1", "b1", "w2", "b2", "mean", "deviation"].map((name) => `${name}.npy`),
  );
  const arrays = Object.values(files).map((file) => parseNpy(new Uint8Array(file).buffer));
  expect(arrays.map(({ shape }) => shape)).toEqual([[3, 2], [2], [2, 2], [2], [3], [3]]);
  expect(arrays.map(({ dtype, fortranOrder }) => [dtype, fortranOrder])).toEqual(
    arrays.map(() => ["f4", false]),
  );
  expect(arrays.map(({ data }) => data)).toEqual([
    PARAMETERS.weights[0],
    PARAMETERS.biases[0],
    PARAMETERS.weights[1],
    PARAMETERS.biases[1],
    INPUTS.mean,
    INPUTS.deviation,
  ]);
});

test(".npz: predictions of every class for each test example at the end, where there are some", () => {
  const predictions = Float32Array.of(0.25, 0.75, 1, 0, 0.5, 0.5);
  const files = unzipSync(npz(PARAMETERS, INPUTS, predictions));
  expect(Object.keys(files).at(-1)).toBe("predictions.npy");
  const { shape, data } = parseNpy(new Uint8Array(files["predictions.npy"]).buffer);
  expect([shape, data]).toEqual([[3, 2], predictions]);
});

test("without biases there are none in files", () => {
  const none = { ...PARAMETERS, biases: [new Float32Array(0), new Float32Array(0)] };
  const files = unzipSync(npz(none, INPUTS));
  expect(Object.keys(files)).toEqual(
    ["w1", "w2", "mean", "deviation"].map((name) => `${name}.npy`),
  );
  const [, second] = Object.values(files);
  expect(parseNpy(new Uint8Array(second).buffer).shape).toEqual([2, 2]);
  const file = safetensors(none, INPUTS, {});
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as object;
  expect(Object.keys(header)).toEqual([
    "__metadata__",
    "0.weight",
    "2.weight",
    "mean",
    "deviation",
  ]);
});

test(".npz: the same bytes at any time, in any time zone", () => {
  const before = process.env.TZ;
  try {
    const made = ["UTC", "America/New_York", "Pacific/Kiritimati"].map((zone) => {
      process.env.TZ = zone;
      return npz(PARAMETERS, INPUTS);
    });
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test(".safetensors: the state of a Sequential, (out, in), mean and deviation of the inputs, metadata", () => {
  const file = safetensors(PARAMETERS, INPUTS, { key: "abc", passes: "100" });
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as unknown;
  expect(header).toEqual({
    __metadata__: { key: "abc", passes: "100" },
    "0.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
    "0.bias": { dtype: "F32", shape: [2], data_offsets: [24, 32] },
    "2.weight": { dtype: "F32", shape: [2, 2], data_offsets: [32, 48] },
    "2.bias": { dtype: "F32", shape: [2], data_offsets: [48, 56] },
    mean: { dtype: "F32", shape: [3], data_offsets: [56, 68] },
    deviation: { dtype: "F32", shape: [3], data_offsets: [68, 80] },
  });
  expect(new Float32Array(file.buffer, 8 + length)).toEqual(
    Float32Array.of(
      1,
      3,
      5,
      2,
      4,
      6,
      7,
      8,
      0.1,
      -Infinity,
      NaN,
      0.4,
      9,
      10,
      11,
      12,
      13,
      0.5,
      1e-6,
      1.5,
    ),
  );
});
