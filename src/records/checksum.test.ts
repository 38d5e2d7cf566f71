import { expect, test } from "vitest";
import { sha256 } from "../base/sha256.node.ts";
import { checksum, type Field } from "./checksum.ts";

/** A NaN with other bits than JavaScript's own. */
const OTHER_NAN = new Float64Array(BigUint64Array.of(0xfff8000000000001n).buffer)[0];

test("is over kinds, lengths and contents, spelled out", () => {
  const parts = [
    ["73", "0000000000000040", "c3a9"],
    ["62", "000000000000f03f", "07"],
    ["6e", "0000000000002040", "000000000000f83f"],
    ["6e", "0000000000002040", "000000000000f87f"],
    ["30", "0000000000000000"],
  ];
  const bytes = Buffer.from(parts.flat().join(""), "hex");
  expect(checksum(sha256, "é", Uint8Array.of(7), 1.5, OTHER_NAN, null)).toBe(
    Buffer.from(sha256(bytes)).toString("hex"),
  );
});

test.each<[string, string, number]>([
  ["two bytes", "é".repeat(40_000), 70_000],
  ["three bytes", "€".repeat(40_000), 0],
  ["few", "é", 70_000],
])("is the same way over fields that are large: text of characters of %s", (_, text, count) => {
  const many = new Uint8Array(count).fill(3);
  const head = (kind: string, size: number) => {
    const made = Buffer.from(`${kind}12345678`);
    made.writeDoubleLE(size, 1);
    return made;
  };
  const written = Buffer.from(text);
  const bytes = [head("s", written.length), written, head("b", count), many, head("0", 0)];
  expect(checksum(sha256, text, many, null)).toBe(
    Buffer.from(sha256(Buffer.concat(bytes))).toString("hex"),
  );
});

test("no two of these lists have the same", () => {
  const lists: Field[][] = [
    ...[[], [null], [null, null], [""], [new Uint8Array(0)], ["", null], [null, ""]],
    ...[["ab"], ["a", "b"], ["b", "a"], [Uint8Array.of(97, 98)], ["97,98"]],
    ...[["0"], [0], [-0], [1], [NaN], [Infinity], ["NaN"]],
  ];
  expect(new Set(lists.map((fields) => checksum(sha256, ...fields))).size).toBe(lists.length);
});
