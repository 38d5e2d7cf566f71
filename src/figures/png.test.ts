import { describe, expect, test } from "vitest";
import { png } from "./png.node.ts";
import { figure, text, type Figure } from "./svg.ts";

describe("PNG", () => {
  test("has twice the figure's size and letters on it", () => {
    const drawing = (content: string): Figure =>
      figure(
        { name: "test", title: "t", caption: "c", description: "d" },
        { width: 60, height: 20 },
        text(content, { x: 5, y: 15, "font-weight": 600 }),
      );
    const image = Buffer.from(png(drawing("Width 32")));
    expect(image.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([120, 40]);
    // Without its fonts the rasterizer draws nothing where text should be.
    expect(image.length).toBeGreaterThan(2 * png(drawing("")).length);
  });
});
