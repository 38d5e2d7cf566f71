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

describe("labels in words", () => {
  const named = (labels: readonly string[], changes: Partial<CsvReaderOptions> = {}) => {
    const { layout, examples } = read(labels.map((label) => `1,${label}\n`).join(""), changes, 1);
    return [layout.classNames, ...examples.labels];
  };

  test("are numbered in the order of their code points, whatever they are met in", () => {
    const species = ["virginica", "setosa", " versicolor ", '"setosa"', "virginica"];
    expect(named(species)).toEqual([["setosa", "versicolor", "virginica"], 2, 0, 1, 0, 2]);
    expect(named(["true", "false", "true"])).toEqual([["false", "true"], 1, 0, 1]);
    expect(named(["b", "B", "a", "ä", "Z"])).toEqual([["B", "Z", "a", "b", "ä"], 3, 0, 2, 4, 1]);
    // U+FF21 comes before U+1F600, whose first UTF-16 unit is less; a beginning comes before what goes on.
    expect(named(["😀", "Ａ", "😀b", "😀a"])).toEqual([["Ａ", "😀", "😀a", "😀b"], 1, 0, 3, 2]);
    expect(named(["Na", "1st", "none"])).toEqual([["1st", "Na", "none"], 1, 0, 2]);
  });

  test("are those of another file, by its numbers, and no others", () => {
    const { layout } = read("1,b\n2,c\n3,a\n");
    expect(named(["c", "a"], { like: layout })).toEqual([["a", "b", "c"], 2, 0]);
    const like = { ...layout, what: "train.csv" };
    expect(faultOf("1,a\n2,d\n", { like })).toBe(
      'a.csv, row 2, column 2 is "d"; expected a class of the training set: "a", "b", "c"',
    );
    expect(faultOf("1,0\n", { like })).toContain('is "0"; expected a class of the training set');
    expect(faultOf("1,a\n", { like: read("1,0\n").layout })).toContain(
      'is "a"; expected an integer from 0 to 255, as in the training set: labels are all numbers or all words',
    );
    const many = read(Array.from({ length: 9 }, (_, i) => `1,c${i}\n`).join("")).layout;
    expect(faultOf("1,x\n", { like: many })).toMatch(/"c7", …$/);
  });

  test("are 256 at most, of at most 100 characters", () => {
    const labels = Array.from({ length: 256 }, (_, i) => `c${i}`);
    expect(named(labels)[0]).toHaveLength(256);
    expect(faultOf([...labels, "c0", "one more"].map((label) => `1,${label}\n`).join(""))).toBe(
      'a.csv, row 258, column 2 is "one more"; expected one of at most 256 classes, and there are as many before it',
    );
    expect(named(["x".repeat(100), "y"])[0]).toHaveLength(2);
    expect(faultOf(`1,${"x".repeat(101)}\n`)).toContain(
      "expected a class of at most 100 characters",
    );
  });

  test("are not there where labels are numbers", () => {
    expect(named(["1", "0", "1.0"])).toEqual([null, 1, 0, 1]);
  });
});

describe("columns may be separated by", () => {
  test.each<[string, string]>([
    ["semicolons", "a;b;c\n1;2;0\n3;4;7\n"],
    ["semicolons without a header", "1;2;0\n3;4;7\n"],
    ["semicolons, with commas in quotes", '"a, b";b;c\n1;2;0\n3;4;7\n'],
    ["semicolons after an empty row", "\n\r\na;b;c\n1;2;0\r\n3;4;7"],
    ["semicolons and decimal commas", "a;b;c\n1,0;2;0\n3;4,000;7,0\n"],
    ["semicolons and decimal points", "a;b;c\n1.0;2;0\n3;4.000;7\n"],
    ["tabs", "a\tb\tc\n1\t2\t0\n3\t4\t7\n"],
    ["tabs and decimal commas", "a\tb\tc\n1,0\t2\t0\n3\t4\t7\n"],
    ["commas, with semicolons in names", "a;x,b,c\n1,2,0\n3,4,7\n"],
    ["semicolons, with tabs around numbers", "a\t;b;c\n1\t;2;0\n3;4;\t7\n"],
  ])("%s", (_, text) => {
    for (const size of [1, 2, 3, 5, 1e9]) {
      const { examples } = read(text, {}, size);
      expect(examples).toEqual({ values: Uint8Array.of(1, 2, 3, 4), labels: Uint8Array.of(0, 7) });
    }
  });

  test("decimal commas are read as points are", () => {
    const numbers = ["0,1", "-1,5e-3", "+,25", "12345678,123456789"];
    const { values } = read(`a;b;c;d;e\n${numbers.join(";")};0\n`).examples;
    expect([...values]).toEqual([0.1, -0.0015, 0.25, 12345678.123456789].map(Math.fround));
  });
});

describe("one sentence names file, row and column:", () => {
  const like = { what: "train.csv", names: ["a", "b"], columns: 2, label: 1, classNames: null };
  test.each<[string, string | Uint8Array, string, Partial<CsvReaderOptions>?]>([
    ["nothing", "", "a.csv has no examples; expected at least 1"],
    ["a header alone", "a,b\n", "a.csv has no examples; expected at least 1"],
    [
      "one column",
      "1 2 0\n",
      "a.csv has 1 column; expected values and a label, with commas, semicolons or tabs between them",
    ],
    [
      "commas within semicolons, and no header",
      "0,5;1,5;1\n",
      'column 2 is "5;1"; expected a finite',
    ],
    [
      "decimal points, then commas",
      "a;b;c\n1.5;2;0\n1,5;2;0\n",
      'a.csv, row 3, column 1 ("a") is "1,5"; expected decimals after points, as before',
    ],
    [
      "decimal commas, then points",
      "a\tb\tc\n1,5\t2\t0\n1\t2.5\t0\n",
      'row 3, column 2 ("b") is "2.5"; expected decimals after commas, as before',
    ],
    [
      "thousands and decimals",
      "a;b\n1.234,5;0\n",
      'row 2, column 1 ("a") is "1.234,5"; expected a finite',
    ],
    [
      "two decimal commas",
      "a;b\n1,234,5;0\n",
      'row 2, column 1 ("a") is "1,234,5"; expected a finite',
    ],
    [
      "text after a quote, before a semicolon",
      'a;b\n"1"x;0\n',
      "goes on after its closing quote; expected a semicolon",
    ],
    [
      "a picture",
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
      "a.csv is not text; expected CSV, a .npz file or a folder of IDX files",
    ],
    [
      "text",
      "a,b\n1,0\nx,0\n",
      'a.csv, row 3, column 1 ("a") is "x"; expected a finite number of float32',
    ],
    ["NaN", "1,0\nNaN,0\n", 'a.csv, row 2, column 1 is "NaN"; expected a finite number'],
    ["NaN in the first row", "nan,0\n", 'a.csv, row 1, column 1 is "nan"; expected'],
    ["nothing in the first row", ",1\n", 'a.csv, row 1, column 1 is ""; expected'],
    ["infinity", "1,0\n-Infinity,0\n", 'row 2, column 1 is "-Infinity"; expected'],
    ["more than float32 holds", "1,0\n1e39,0\n", 'row 2, column 1 is "1e39"; expected a finite'],
    ["more than float64 holds", "1,0\n1e999,0\n", 'row 2, column 1 is "1e999"; expected a finite'],
    ["JavaScript's other numbers", "1,0\n0x10,0\n", 'row 2, column 1 is "0x10"; expected'],
    [
      "a label beyond bytes",
      "a,price\n1,256\n",
      'a.csv, row 2, column 2 ("price") is "256"; expected a class, an integer from 0 to 255 or a word',
    ],
    ["a negative label", "1,-1\n", 'row 1, column 2 is "-1"; expected a class'],
    ["half a label", "1,0.5\n", 'row 1, column 2 is "0.5"; expected a class'],
    [
      "no label",
      "1,\n",
      'row 1, column 2 is ""; expected a class, an integer from 0 to 255 or a word',
    ],
    ["no label among words", "1,a\n2, \n", 'row 2, column 2 is ""; expected a class'],
    [
      "a word among numbers",
      "1,1\n2,2\n3,x\n",
      'a.csv, row 3, column 2 is "x"; expected an integer from 0 to 255, as 1 before: labels are all numbers or all words',
    ],
    [
      "a number among words",
      "1,x\n2,2\n",
      'a.csv, row 2, column 2 is "2"; expected a word, as "x" before: labels are all numbers or all words',
    ],
    [
      "a label in Latin-1",
      new Uint8Array(Buffer.from("1,gr\xfcn\n", "latin1")),
      "expected text in UTF-8; save the file as that",
    ],
    [
      "text in UTF-16",
      new Uint8Array(Buffer.from("\ufeffa,b\n1,0\n", "utf16le")),
      "a.csv is text in UTF-16; save it as UTF-8",
    ],
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
    [
      "a column without a name, such as pandas' index",
      ",a,species\n0,1,x\n1,2,y\n",
      "a.csv, row 1: column 1 has no name; expected one for each column (pandas writes none above its index; index=False leaves that out)",
      { label: "species" },
    ],
    ["a comma after the last name", "a,b,\n1,0,\n", "a.csv, row 1: column 3 has no name"],
    [
      "words beside the label",
      "age,sex,species\n1,male,x\n",
      'a.csv, row 2, column 2 ("sex") is "male"; expected a finite number of float32; labels alone may be words, and a column that is no input has no place in the file',
    ],
    [
      "the ends of lines of old Macs",
      "a,b\r1,0\r2,1\r",
      "a.csv has lines that end with carriage returns alone; save it with line feeds",
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

  test.each(["NA", "N/A", "n/a", "null", "NULL", "NaN", "nan", "-inf", "Infinity"])(
    "the label %s",
    (label) => {
      for (const text of [`1,${label}\n`, `1,a\n2,${label}\n`, `1,0\n2,${label}\n`])
        expect(faultOf(text)).toContain("that stands for a missing one");
    },
  );

  test.each(["1,5", "1 000", "-1'000", ".5.", "12.3.4"])("a label like a number: %s", (label) => {
    expect(faultOf(`a;b\n1;${label},\n`)).toContain("expected a class, an integer from 0 to 255");
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
