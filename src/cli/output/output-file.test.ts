import { link, mkdir, readdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/data/tiny.ts";
import { parametersOf } from "../../../test/support/updates.ts";
import { outcome } from "../../../test/support/outcomes.ts";
import { InputError } from "../../base/errors.ts";
import { TABLES, WEIGHTS } from "../../export/formats.ts";
import { columnsOf } from "../../export/table.ts";
import type { FinishedCall } from "../../pool/node/node-pool.ts";
import { claimFile as claim, type ClaimOptions } from "./output-file.ts";
import { traceOf } from "./timeline.ts";

const claimFile = (option: string, path: string, rest: Partial<ClaimOptions> = {}) =>
  claim(option, path, { content: "trace", others: [], ...rest });

const CALL = {
  ...{ name: "train", worker: 1, start: 0, end: 5 },
  trial: {
    specification: {
      model: { hidden: [8] },
      training: { learning_rate: 0.005 },
      streams: { kind: "named", study_seed: 0, seed: 7 },
    },
  },
} as unknown as FinishedCall;

/** As `run --timeline` writes it. */
const traceText = (title: string) => `${JSON.stringify(traceOf([CALL], 2, title))}\n`;
const TRACE = traceText("widthwise run mine");

test("nothing is written before the end, and the file is replaced as a whole", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "trace.json");
  const write = await claimFile("--timeline", path);
  expect(await readdir(folder)).toEqual([]);
  await write(traceText("one"));
  await write(traceText("two"));
  expect(await readFile(path, "utf8")).toBe(traceText("two"));
  expect(await readdir(folder)).toEqual(["trace.json"]);
});

test("a link stays, and what it points at is replaced", async () => {
  const folder = await temporaryFolder();
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  await writeFile(file, TRACE);
  await symlink(file, link);
  await (
    await claimFile("--timeline", link)
  )("new");
  expect(await readFile(file, "utf8")).toBe("new");
});

test("what cannot be written is told before the work", async () => {
  const folder = await temporaryFolder();
  const refusal = async (path: string): Promise<string> => {
    const error: unknown = await claimFile("--timeline", path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  };
  expect(await refusal(folder)).toBe(
    `--timeline ${folder}: expected a file, got a folder; name another file`,
  );
  expect(await refusal("/dev/null")).toBe(
    "--timeline /dev/null: expected a file, got a device; name another file",
  );
  expect(await refusal(join(folder, "none", "trace.json"))).toBe(
    `--timeline ${folder}/none/trace.json: its folder does not exist; make it or name another file`,
  );
  await writeFile(join(folder, "file"), "");
  expect(await refusal(join(folder, "file", "trace.json"))).toBe(
    `--timeline ${folder}/file/trace.json: part of this path is a file; name another file`,
  );
});

test("what cannot be written any more leaves nothing behind", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "trace.json");
  const write = await claimFile("--timeline", path);
  await mkdir(path);
  await writeFile(join(path, "content"), "");
  await expect(write("text")).rejects.toThrow(`--timeline ${path}: cannot be written (EISDIR)`);
  expect(await readdir(folder)).toEqual(["trace.json"]);
});

describe("what is there already", () => {
  async function place(name: string, content: string | Uint8Array) {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, content);
    return path;
  }

  test("stays, unless widthwise could have written it, it is empty, or --force is given", async () => {
    for (const text of ["dear diary", '{"traceEvents":[]}', "study,width"]) {
      const path = await place("trace.json", text);
      await expect(claimFile("--timeline", path)).rejects.toThrow(
        `--timeline ${path}: it is there already, and widthwise did not write it; name another file, or have it replaced with --force`,
      );
      expect(await readFile(path, "utf8")).toBe(text);
      await (
        await claimFile("--timeline", path, { force: true })
      )("new");
      expect(await readFile(path, "utf8")).toBe("new");
    }
    await claimFile("--timeline", await place("empty", ""));
  });

  test("stays, too, where it has come while the work was done", async () => {
    const path = join(await temporaryFolder(), "trace.json");
    const write = await claimFile("--timeline", path);
    await writeFile(path, "mine");
    await expect(write(TRACE)).rejects.toThrow(InputError);
    expect(await readFile(path, "utf8")).toBe("mine");
  });

  function table(
    format: "csv" | "json" | "parquet",
    trials: number,
    measured: readonly string[] = [],
  ): Promise<Buffer> {
    const writer = TABLES[format](columnsOf(measured));
    const trial = outcome(8, [
      [2.3, 0.1, 2.3, 0.1],
      [NaN, 0.1, Infinity, 0.1],
    ]);
    const added = Array.from({ length: trials }, () => writer.add({ ...trial, studies: ["s"] }));
    return Promise.resolve(
      Buffer.concat([...added, writer.end()].map((piece) => Buffer.from(piece))),
    );
  }

  function weights(format: "npz" | "safetensors"): Promise<Buffer> {
    const inputs = { mean: new Float32Array(3), deviation: new Float32Array(3) };
    const metadata = { key: "ab".repeat(32), fingerprint: "cd".repeat(32), passes: "3" };
    return Promise.resolve(
      Buffer.from(WEIGHTS[format](parametersOf(3), inputs, { metadata, predictions: null })),
    );
  }

  async function expectStays(content: "trace" | "export", mine: string | Uint8Array) {
    const path = await place("mine", mine);
    await expect(claimFile("--out", path, { content })).rejects.toThrow(InputError);
    expect((await readFile(path)).equals(Buffer.from(mine))).toBe(true);
  }

  test("is known by its content, in each format of an export", async () => {
    for (const format of ["csv", "json", "parquet"] as const) {
      // More than a stream gives at once.
      for (const trials of [1, 1000]) {
        const path = await place(`table.${format}`, await table(format, trials));
        await claimFile("--out", path, { content: "export" });
        await expect(claimFile("--out", path, { content: "trace" })).rejects.toThrow(InputError);
      }
      const measured = await table(format, 2, ["sharpness_512", "dead_units_1"]);
      await claimFile("--out", await place(`m.${format}`, measured), { content: "export" });
    }
    for (const format of ["npz", "safetensors"] as const)
      await claimFile("--out", await place(`weights.${format}`, await weights(format)), {
        content: "export",
      });
    const metadata = { key: "", fingerprint: "", passes: "3" };
    const predicted = WEIGHTS.npz(
      parametersOf(3),
      { mean: new Float32Array(3), deviation: new Float32Array(3) },
      { metadata, predictions: new Float32Array(20) },
    );
    await claimFile("--out", await place("predicted.npz", predicted), { content: "export" });
    // Of a network without biases, too.
    const unbiased = { ...parametersOf(3), biases: [new Float32Array(0), new Float32Array(0)] };
    const inputs = { mean: new Float32Array(3), deviation: new Float32Array(3) };
    for (const format of ["npz", "safetensors"] as const) {
      const file = WEIGHTS[format](unbiased, inputs, {
        metadata: { key: "", fingerprint: "", passes: "3" },
        predictions: null,
      });
      await claimFile("--out", await place(`unbiased.${format}`, file), { content: "export" });
    }
    for (const other of ["PAR1 somebody else's PAR1", "PK\u0003\u0004 a thesis", "a,b,c\n"])
      await expectStays("export", other);
  });

  test("stays where a table of ours was gone on with", async () => {
    const csv = (await table("csv", 1)).toString();
    const json = (await table("json", 1)).toString();
    const parquet = await table("parquet", 1);
    const changed: Record<string, string | Uint8Array> = {
      "a line at the end": `${csv}MYNOTES`,
      "a whole line at the end": `${csv}MYNOTES\r\n`,
      "a line of as many fields": `${csv}MYNOTES${",".repeat(27)}\r\n`,
      "a line end at the end": `${csv}\r\n`,
      "a line in the middle": csv.replace("\r\n", "\r\nMYNOTES\r\n"),
      "a column": csv.replaceAll("\r\n", ",mine\r\n"),
      "a measurement's column twice": (await table("csv", 1, ["margin", "margin"])).toString(),
      "a column that no measurement has": (await table("json", 1, ["margins"])).toString(),
      "a column without a name": csv.replace(/\r\n(.)/g, ",mine\r\n$1"),
      "other line ends": csv.replaceAll("\r\n", "\n"),
      "no line end at the end": csv.slice(0, -2),
      "text in place of a number": csv.replace(",2.3,", ",about 2.3,"),
      "no UTF-8": Buffer.from(csv.replace(/\r\ns,/, "\r\n\xff,"), "latin1"),
      "an object": json.replace(/\n\]\n$/, ',\n{"note":"mine"}\n]\n'),
      "an object on a line of ours": json.replace(/\n\]\n$/, ',{"note":"mine"}\n]\n'),
      "a key": json.replace("}", ',"mine":1}'),
      "a key of ours in another place": json.replace(/"study":"s",("width":8),/, '$1,"study":"s",'),
      "text in place of a number in JSON": json.replace('"width":8', '"width":"8"'),
      "a line after the array": `${json}MYNOTES\n`,
      "an array that does not end": json.slice(0, -3),
      "bytes after the footer": Buffer.concat([parquet, Buffer.from("mine")]),
    };
    for (const [what, content] of Object.entries(changed)) {
      expect([csv, json], what).not.toContain(content.toString());
      await expectStays("export", content);
    }
  });

  test("stays where it is one line that no memory holds", async () => {
    const path = await place("mine", "mine");
    await truncate(path, 2 ** 32);
    for (const content of ["export", "trace"] as const)
      await expect(claimFile("--out", path, { content })).rejects.toThrow(InputError);
  });

  test("stays where weights of ours were gone on with", async () => {
    const npz = await weights("npz");
    const tensors = await weights("safetensors");
    const mtime = new Date(1980, 0, 1, 12);
    const noted = zipSync(
      { ...unzipSync(npz), "notes.npy": new Uint8Array(9) },
      { level: 0, mtime },
    );
    const unsigned = Buffer.from(npz);
    unsigned.write("mine", npz.length - 22);
    const commented = Buffer.concat([npz, Buffer.from("mine")]);
    commented.writeUInt16LE(4, npz.length - 2);
    const renamed = Buffer.from(tensors.toString("latin1").replace('"mean"', '"mine"'), "latin1");
    for (const mine of [
      ...[
        Buffer.concat([npz, Buffer.from("mine")]),
        npz.subarray(0, -1),
        noted,
        commented,
        unsigned,
      ],
      ...[Buffer.concat([tensors, Buffer.from("mine")]), tensors.subarray(0, -1), renamed],
      npz.subarray(0, 40),
      tensors.subarray(0, 90),
    ])
      await expectStays("export", mine);
  });

  test("stays where a trace of ours was gone on with", async () => {
    const long = traceOf(
      Array.from({ length: 2000 }, () => CALL),
      2,
      'of "mine"}},{"name":"',
    );
    for (const ours of [long, traceOf([], 1, "no call")])
      await claimFile("--timeline", await place("ours", `${JSON.stringify(ours)}\n`));
    for (const mine of [
      `${TRACE}MYNOTES`,
      TRACE.trimEnd(),
      TRACE.replace("]}", '],"mine":1}'),
      TRACE.replace('"displayTimeUnit":"ms",', '"displayTimeUnit":"ms","mine":1,'),
      TRACE.replace("]}", ',{"name":"mine"}]}'),
      TRACE.replace('"ph":"X"', '"ph":"X","mine":1'),
      TRACE.replace('"seed":7', '"seed":7,"mine":1'),
      TRACE.replace("]}", `,{"name":"${"mine".repeat(1e6)}"}]}`),
    ])
      await expectStays("trace", mine);
  });
});

describe("a file that the command reads is never its output", () => {
  test.each([
    ["itself", (path: string) => Promise.resolve(path)],
    [
      "through a link",
      async (path: string) => {
        await symlink(path, `${path}.link`);
        return `${path}.link`;
      },
    ],
    [
      "under another name of the same file",
      async (path: string) => {
        await link(path, `${path}.hard`);
        return `${path}.hard`;
      },
    ],
    [
      "through a folder that is a link",
      async (path: string) => {
        await symlink(dirname(path), `${dirname(path)}.link`);
        return join(`${dirname(path)}.link`, basename(path));
      },
    ],
  ])("%s", async (_, other) => {
    const store = join(await temporaryFolder(), "store.db");
    for (const content of [null, "the store"]) {
      if (content !== null) await writeFile(store, content);
      const path = await other(store).catch(() => store);
      await expect(
        claimFile("--timeline", path, {
          others: [{ what: "the store", path: store }],
          force: true,
        }),
      ).rejects.toThrow(/this is the store of the same command|a link to what is not there/);
      if (content !== null) expect(await readFile(store, "utf8")).toBe(content);
    }
  });
});

test("a link to what is not there is refused", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "link");
  await symlink(join(folder, "nowhere"), path);
  await expect(claimFile("--timeline", path)).rejects.toThrow(
    `--timeline ${path}: this is a link to what is not there; make that, or name another path`,
  );
  await expect(claimFile("--timeline", join(path, "trace.json"))).rejects.toThrow(
    `--timeline ${path}/trace.json: ${path} is a link to what is not there`,
  );
});
