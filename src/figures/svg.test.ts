import { describe, expect, test } from "vitest";
import { element, text } from "./svg.ts";

describe("SVG", () => {
  test("escapes text and attributes, and replaces what XML forbids", () => {
    const written = text(`<script>&"\u0000\ud800`, { "aria-label": `"<&>` });
    expect(written).toBe(
      `<text font-size="11" fill="#1a1a1a" aria-label="&quot;&lt;&amp;&gt;">&lt;script&gt;&amp;&quot;\ufffd\ufffd</text>`,
    );
  });

  test("refuses a coordinate that is not finite", () => {
    expect(() => element("rect", { x: NaN })).toThrow(RangeError);
  });
});
