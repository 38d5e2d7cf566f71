// Whether a file is a table, weights or a trace as widthwise writes them, from its first byte to its last: what a user
// has added to one is the user's. Held in memory: a row, an event or a header at a time.

import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import * as z from "zod";
import { isMeasuredColumn } from "../../measurements/table.ts";
import { COLUMNS, columnsOf, type Column } from "../../export/table.ts";

/** Characters of a row or an event, bytes of a header: a longer one is not ours. */
const LONGEST = 2 ** 20;

/** Whether what lies between the separators holds, one after another. */
async function everyPart(
  path: string,
  separator: string,
  holds: (part: string, isFirst: boolean, isLast: boolean) => boolean,
): Promise<boolean> {
  let rest = "";
  let isFirst = true;
  for await (const piece of createReadStream(path, "utf8")) {
    const parts = (rest + (piece as string)).split(separator);
    rest = parts.pop() ?? "";
    for (const part of parts) {
      if (!holds(part, isFirst, false)) return false;
      isFirst = false;
    }
    // A replacement character stands for bytes that are no UTF-8.
    if (rest.length > LONGEST || (piece as string).includes("\ufffd")) return false;
  }
  return holds(rest, isFirst, true);
}

const DIGEST = "[0-9a-f]{64}";
const FIELDS: Readonly<Record<Column["type"], string>> = {
  text: '(?:"(?:[^"]|"")*"|[^",\\r\\n]*)',
  integer: "(?:-?\\d+)?",
  double: "(?:-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?|NaN|-?Infinity)?",
};

function isDigest({ name }: Column): boolean {
  return name === "key" || name === "fingerprint";
}

/** The name of an axis's column, as study/axes/paths.ts has them. */
const AXIS = /^(?:dataset|model|training)[.\w[\]]+$/;

/** Our columns, whichever measurements and axes follow them; null where the names are others. */
function ownColumns(names: readonly string[]): Column[] | null {
  const axes = names.filter((name) => AXIS.test(name));
  const measured = names.slice(COLUMNS.length, names.length - axes.length);
  if (!measured.every(isMeasuredColumn) || new Set(measured).size < measured.length) return null;
  const columns = [
    ...columnsOf(measured),
    ...axes.map((name): Column => ({ name, type: "text", of: () => null })),
  ];
  return columns.map(({ name }) => name).join() === names.join() ? columns : null;
}

/** Our header, and under it nothing but rows of our columns. */
export function isOwnCsv(path: string): Promise<boolean> {
  let row: RegExp | null = null;
  return everyPart(path, "\r\n", (line, isFirst, isLast) => {
    if (!isFirst) return isLast ? line === "" : row?.test(line) === true;
    const columns = isLast ? null : ownColumns(line.split(","));
    const fields = columns?.map((column) => (isDigest(column) ? DIGEST : FIELDS[column.type]));
    row = fields ? new RegExp(`^${fields.join(",")}$`) : null;
    return row !== null;
  });
}

const VALUES = {
  text: z.string().nullable(),
  integer: z.int().nullable(),
  double: z.number().nullable(),
} as const;

/** An array of nothing but rows with our keys, each on its line. */
export function isOwnJson(path: string): Promise<boolean> {
  const rowOf = (columns: readonly Column[]) =>
    z.strictObject(
      Object.fromEntries(
        columns.map((column) => [
          column.name,
          isDigest(column)
            ? z.string().regex(new RegExp(`^${DIGEST}$`))
            : AXIS.test(column.name)
              ? z.union([VALUES.text, VALUES.double])
              : VALUES[column.type],
        ]),
      ),
    );
  let row: ReturnType<typeof rowOf> | null = null;
  return everyPart(path, ",\n", (part, isFirst, isLast) => {
    const text = between(part, isFirst ? "[\n" : "", isLast ? "\n]\n" : "");
    const columns = isFirst ? ownColumns(keysIn(text)) : null;
    if (columns) row = rowOf(columns);
    return row !== null && isJsonOf(row, text);
  });
}

/** Of a JSON object; none of what is no such text. */
function keysIn(text: string | null): string[] {
  const row = z.looseObject({});
  try {
    return Object.keys(row.parse(JSON.parse(text?.slice(0, LONGEST) ?? "")));
  } catch {
    return [];
  }
}

const EVENT = {
  metadata: z.strictObject({
    ...{ name: z.string(), ph: z.literal("M"), pid: z.literal(1), tid: z.int() },
    args: z.union([z.strictObject({ name: z.string() }), z.strictObject({ sort_index: z.int() })]),
  }),
  call: z.strictObject({
    ...{ name: z.string(), ph: z.literal("X"), cat: z.string(), pid: z.literal(1), tid: z.int() },
    ...{ ts: z.number(), dur: z.number() },
    args: z.strictObject({
      width: z.union([z.int(), z.array(z.int())]),
      seed: z.int().optional(),
      learning_rate: z.number(),
    }),
  }),
};

/** A trace (timeline.ts) of nothing but our events. */
export function isOwnTrace(path: string): Promise<boolean> {
  const event = z.union([EVENT.metadata, EVENT.call]);
  // In no string: there the quotes would be escaped.
  return everyPart(path, '}},{"name":"', (part, isFirst, isLast) => {
    const inside = between(
      part,
      isFirst ? '{"displayTimeUnit":"ms","traceEvents":[{"name":"' : "",
      isLast ? "}}]}\n" : "",
    );
    return inside !== null && isJsonOf(event, `{"name":"${inside}}}`);
  });
}

/** null where the text does not begin and end so. */
function between(text: string, start: string, end: string): string | null {
  if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end))
    return null;
  return text.slice(start.length, text.length - end.length);
}

/** Whether JSON.stringify writes this text of such a value: with these keys, in this order. */
function isJsonOf(schema: z.ZodType, text: string | null): boolean {
  if (text === null || text.length > LONGEST) return false;
  try {
    return JSON.stringify(schema.parse(JSON.parse(text))) === text;
  } catch {
    return false;
  }
}

/** As fflate begins an entry that is not compressed, with the time that npz.ts gives. */
const ENTRY = "PK\x03\x04\x14\0\0\0\0\0\0\x60\x21\0";

/** w1, b1, … (or w1, w2, … without biases) mean, deviation, then the directory of these, and nothing before, between or behind them. */
export async function isOwnNpz(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  const names: string[] = [];
  let at = 0;
  for (;;) {
    const head = await read(file, at, 64);
    if (!head.toString("latin1").startsWith(ENTRY)) break;
    const nameLength = head.readUInt16LE(26);
    if (nameLength > 32 || head.readUInt16LE(28) !== 0) return false;
    names.push(head.toString("latin1", 30, 30 + nameLength));
    at += 30 + nameLength + head.readUInt32LE(18);
  }
  const layers = names.filter((name) => name.startsWith("w")).length;
  const oursWith = (...kinds: readonly string[]) =>
    Array.from({ length: layers }, (_, at) => kinds.map((kind) => `${kind}${at + 1}.npy`)).flat();
  const isOurs = [oursWith("w", "b"), oursWith("w")].some(
    (ours) =>
      names.join().replace(/,predictions\.npy$/, "") ===
      [...ours, "mean.npy", "deviation.npy"].join(),
  );
  if (layers < 1 || !isOurs) return false;
  // An entry with a comment or more would be longer.
  const directory = names.reduce((sum, name) => sum + 46 + name.length, 0);
  if (at + directory + 22 !== size) return false;
  const end = await read(file, at + directory, 22);
  return (
    end.readUInt32LE(0) === 0x06054b50 &&
    end.readUInt16LE(10) === names.length &&
    end.readUInt32LE(12) === directory &&
    end.readUInt32LE(16) === at
  );
}

const TENSOR = z.strictObject({
  dtype: z.literal("F32"),
  shape: z.array(z.int()),
  data_offsets: z.tuple([z.int(), z.int()]),
});
const METADATA = z.strictObject({ key: z.string(), fingerprint: z.string(), passes: z.string() });

/** Our tensors one behind another, the last of which ends where the file does. */
export async function isOwnSafetensors(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size < 8) return false;
  const length = Number((await read(file, 0, 8)).readBigUInt64LE());
  if (length > LONGEST || 8 + length > size) return false;
  const text = (await read(file, 8, length)).toString().trimEnd();
  let end = 0;
  const tensor = TENSOR.refine(({ data_offsets: [from, to] }) => {
    const follows = from === end && to >= from;
    end = to;
    return follows;
  });
  const names = [...text.matchAll(/"([^"]+)":\{"dtype"/g)].map(([, name]) => name);
  const header = z.strictObject({
    __metadata__: METADATA,
    ...Object.fromEntries(names.map((name) => [name, tensor])),
  });
  return (
    /^(\d+\.weight,(\d+\.bias,)?)+mean,deviation$/.test(names.join()) &&
    isJsonOf(header, text) &&
    8 + length + end === size
  );
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, position);
  return buffer;
}
