import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal } from "./decimal.ts";

function read(text: string): number {
  const bytes = Buffer.from(`x${text}x`);
  return decimal(bytes, 1, bytes.length - 1);
}

test("every float64 is read to the bit", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const written = fc.oneof(
    double.map(String),
    fc.tuple(double, fc.nat(20)).map(([x, digits]) => x.toExponential(digits)),
    fc
      .tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.nat(20))
      .map(([x, digits]) => x.toFixed(digits)),
    fc.stringMatching(/^[+-]?\d{1,12}\.\d{0,12}(e[+-]?\d)?$/),
  );
  fc.assert(
    fc.property(written, (text) => {
      expect(read(text)).toBe(Number(text));
    }),
    { numRuns: 3000 },
  );
});

test.each(["", " ", "+", "-", ".", "e5", "1e", "1.2.3", "--1", "1 2", "0x10", "1_000", "Infinity"])(
  "%j is no number",
  (text) => {
    expect(read(text)).toBeNaN();
  },
);
