import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors.ts";
import { CsvReader, type CsvReaderOptions } from "./csv.ts";

const options: CsvReaderOptions = { what: "a.csv", bytes: 100, checkRoom: () => undefined };

/** In pieces of `size` bytes. */
function read(text: string | Uint8Array, changes: Partial<CsvReaderOptions> = {}, size = 1e9) {
  const bytes = Buffer.from(text);
  const reader = new CsvReader({ ...options, ...changes });
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

function faultOf(text: string | Uint8Array, changes: Partial<CsvReaderOptions> = {}): string {
  try {
    read(text, changes);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  throw new Error("was accepted");
}

describe("an example a row", () => {
  const values = Uint8Array.of(1, 2, 3, 4);
  const labels = Uint8Array.of(0, 7);

  test.each<[string, string, Partial<CsvReaderOptions>?]>([
    ["no header: the label is last", "1,2,0\n3,4,7\n"],
    ["a header without label: the last", "a,b,c\n1,2,0\n3,4,7\n"],
    ["the column called label", "label,a,b\n0,1,2\n7,3,4\n"],
    ["the column that is named", "a,species,label\n1,0,2\n3,7,4\n", { label: "species" }],
    ["names that are numbers, beside label", "0,label,1\n1,0,2\n3,7,4\n"],
    ["no line feed at the end", "1,2,0\n3,4,7"],
    ["Windows' ends of lines", "a,b,c\r\n1,2,0\r\n3,4,7\r\n"],
    ["and none at the end", "1,2,0\r\n3,4,7"],
    ["quotes", '"a","b, with ""quotes"" and\r\na line","c"\r\n"1",2,"0"\r\n3,"4",7'],
    ["quotes at the end", '1,2,"0"\n3,4,"7"'],
    ["empty rows", "\n1,2,0\n\r\n3,4,7\n\n"],
    ["a byte order mark", "\ufeffa,b,c\n1,2,0\n3,4,7\n"],
    ["a byte order mark and a quote", '\ufeff"1",2,0\n3,4,7\n'],
    ["spaces", " 1,\t2 ,0 \n3 , 4, 7\n"],
    ["whole floats", "1.0,2.,0.0\n+3,.4e1,7e0\n"],
  ])("%s", (_, text, changes = {}) => {
    for (const size of [1, 2, 3, 5, 1e9])
      expect(read(text, changes, size).examples).toEqual({ values, labels });
  });

  test("many rows, whatever their number was guessed to be", () => {
    for (const bytes of [1, 1e4, 1e6]) {
      const rows = Array.from({ length: 1000 }, (_, i) => `${i},${i % 7}\n`);
      const { examples } = read(rows.join(""), { bytes });
      expect(examples.values).toEqual(Float32Array.from({ length: 1000 }, (_, i) => i));
      expect(examples.labels).toEqual(Uint8Array.from({ length: 1000 }, (_, i) => i % 7));
    }
  });

  test("numbers are rounded to float32 once, and −0 is 0", () => {
    const numbers = ["0.1", "-0.0", "-1.5e-46", "16777217", "3.4028235e38"];
    const { values } = read(`${numbers.join(",")},0`).examples;
    expect([...values]).toEqual([Math.fround(0.1), 0, 0, 16777216, Math.fround(3.4028235e38)]);
  });

  test("columns of another file are those of this one", () => {
    const { layout } = read("label,a,b\n0,1,2\n");
    for (const text of ["0,1,2\n7,3,4\n", "label,a,b\n0,1,2\n7,3,4\n"])
      expect(read(text, { like: layout }).examples).toEqual({ values, labels });
  });
});

describe("one sentence names file, row and column:", () => {
  const like = { what: "train.csv", names: ["a", "b"], columns: 2, label: 1 };
  test.each<[string, string, string, Partial<CsvReaderOptions>?]>([
    ["nothing", "", "a.csv has no examples; expected at least 1"],
    ["a header alone", "a,b\n", "a.csv has no examples; expected at least 1"],
    [
      "no commas",
      "1;2;0\n",
      "a.csv has 1 column; expected values and a label, with commas between them",
    ],
    [
      "text",
      "a,b\n1,0\nx,0\n",
      'a.csv, row 3, column 1 ("a") is "x"; expected a finite number of float32',
    ],
    ["NaN", "1,0\nNaN,0\n", 'a.csv, row 2, column 1 is "NaN"; expected a finite number'],
    ["NaN in the first row", "nan,0\n", 'a.csv, row 1, column 1 is "nan"; expected'],
    ["nothing in the first row", ",1\n", 'a.csv, row 1, column 1 is ""; expected'],
    ["numbers and text in the first row", "5,setosa\n", 'row 1, column 2 is "setosa"; expected a'],
    ["infinity", "1,0\n-Infinity,0\n", 'row 2, column 1 is "-Infinity"; expected'],
    ["more than float32 holds", "1,0\n1e39,0\n", 'row 2, column 1 is "1e39"; expected a finite'],
    ["more than float64 holds", "1,0\n1e999,0\n", 'row 2, column 1 is "1e999"; expected a finite'],
    ["JavaScript's other numbers", "1,0\n0x10,0\n", 'row 2, column 1 is "0x10"; expected'],
    [
      "a label in words",
      "a,species\n1,setosa\n",
      'a.csv, row 2, column 2 ("species") is "setosa"; expected a label, an integer from 0 to 255',
    ],
    ["a label beyond bytes", "1,256\n", 'row 1, column 2 is "256"; expected a label'],
    ["a negative label", "1,-1\n", 'row 1, column 2 is "-1"; expected a label'],
    ["half a label", "1,0.5\n", 'row 1, column 2 is "0.5"; expected a label'],
    ["no label", "1,\n", 'row 1, column 2 is ""; expected a label'],
    [
      "a row that is longer",
      "1,0\n1,2,0\n",
      "a.csv, row 2 has 3 columns; expected 2, as the rows before",
    ],
    ["a row that is shorter", "a,b\n\n1\n", "a.csv, row 3 has 1 columns; expected 2"],
    [
      "a label that is missing",
      "a,b\n1,0\n",
      'a.csv has no column "species"; expected one of "a", "b"',
      { label: "species" },
    ],
    [
      "a label without a header",
      "1,0\n",
      'a.csv has no header, and so no column "species"; leave label out to take the last column',
      { label: "species" },
    ],
    ["two labels", "label,label\n1,0\n", 'a.csv has 2 columns "label"; expected one'],
    [
      "text after a quote",
      '1,0\n"1"x,0\n',
      "a.csv, row 2, column 1 goes on after its closing quote; expected a comma",
    ],
    ["an open quote", '1,0\n"1,0\n', "a.csv, row 2 has an opening quote without a closing one"],
    [
      "columns that another file has not",
      "1,2,0\n",
      "a.csv has 3 columns; expected 2, as train.csv has",
      { like },
    ],
    [
      "columns that are called otherwise",
      "a,c\n1,0\n",
      'a.csv, column 2 is "c"; expected "b", as in train.csv',
      { like },
    ],
  ])("%s", (_, text, sentence, changes = {}) => {
    expect(faultOf(text, changes)).toContain(sentence);
  });

  test("an endless row, in bounded time and memory", () => {
    const piece = Buffer.alloc(1 << 20, "1");
    const pushed = (bytes: Uint8Array) => {
      const reader = new CsvReader(options);
      let pieces = 0;
      try {
        for (;;) {
          reader.push(bytes);
          pieces++;
        }
      } catch (error) {
        return [pieces, (error as Error).message];
      }
    };
    const tooLong = "a.csv, row 1 has more than 16777216 bytes; expected rows that end";
    expect(pushed(piece)).toEqual([16, tooLong]);
    expect(pushed(Buffer.alloc(1 << 20, '"'))).toEqual([16, tooLong]);
    expect(pushed(Buffer.alloc(1 << 20, "1,"))).toEqual([16, tooLong]);
    expect(faultOf(Buffer.alloc(1 << 22, ","))).toBe("a.csv, row 1 has more than 1048576 columns");
  });

  test("more than there is room for", () => {
    const asked: number[] = [];
    const checkRoom = (bytes: number) => {
      asked.push(bytes);
      if (bytes > 1e6) throw new InputError("no room");
    };
    const rows = "1,0\n".repeat(1000);
    expect(faultOf(rows, { bytes: 1e9, checkRoom })).toBe("no room");
    expect(asked.length).toBe(2);
    expect(asked[1]).toBeGreaterThan(1e9);
  });
});
