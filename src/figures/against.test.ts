import { describe, expect, test } from "vitest";

import { AGAINST } from "../../test/support/against.ts";
import { xmlFault } from "../../test/support/xml.ts";
import { againstFigure, type Against, type AgainstLine } from "./against.ts";

const SPEC: Against = { ...AGAINST.against, verticals: [] };
const [LINE] = SPEC.lines;
const SIZES = ["paper", "slide", "phone"] as const;

const withLines = (...lines: AgainstLine[]): Against => ({ ...SPEC, lines });
const line = (name: string, ...y: number[]): AgainstLine => ({
  name,
  points: y.map((value, index) => ({ x: index + 1, y: value })),
});
const count = (svg: string, part: string): number => svg.split(part).length - 1;

const CASES: Record<string, Against> = {
  ...AGAINST,
  "no line": withLines(),
  "no point": withLines(line("a")),
  "one point": withLines(line("a", 0.5)),
  "one value": withLines(line("a", 0.5, 0.5)),
  "nothing finite": withLines(line("a", NaN, Infinity), line("b", -Infinity)),
  "width 0": withLines({ name: "", points: [0, 8, 64].map((x) => ({ x, y: x })) }),
  "a range without end": withLines({
    name: "a",
    points: [1, 2].map((x) => ({ x, y: x, low: -Infinity, high: Infinity })),
  }),
  "nothing positive": { ...withLines(line("a", 0, -1)), y: { label: "loss", scale: "log" } },
  "a hundred lines": withLines(
    ...Array.from({ length: 100 }, (_, index) => line(`width ${index}`, index, index + 1)),
  ),
  "many verticals": {
    ...SPEC,
    verticals: Array.from({ length: 40 }, (_, index) => ({ x: index + 3, label: "threshold" })),
    levels: Array.from({ length: 60 }, (_, index) => ({ y: index / 60, label: "level" })),
  },
};

describe("against", () => {
  test.each(Object.entries(CASES))("is well-formed and finite at every size: %s", (_, spec) => {
    for (const size of SIZES) {
      const { svg, name } = againstFigure(spec, size);
      expect(xmlFault(svg)).toBeNull();
      expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined|null)/);
      expect(name).toBe(size === "phone" ? `${spec.name}-phone` : spec.name);
      if (size === "slide") expect(svg).toContain('viewBox="0 0 608 342"');
    }
  });

  test("has a band for each of six lines, and a bar at each mark of more", () => {
    const ranged = (lines: number) => {
      const names = Array.from({ length: lines }, (_, index) => ({ ...LINE, name: `${index}` }));
      return againstFigure(withLines(...names)).svg;
    };
    expect(count(ranged(6), 'opacity="0.16"')).toBe(6);
    expect(count(ranged(7), 'opacity="0.16"')).toBe(0);
    // Five marks of each line.
    expect(ranged(7).match(/V[\d.]+m-2 0h4/g)).toHaveLength(35);
  });

  test("leaves out what is not finite, and breaks the line there", () => {
    const { svg } = againstFigure(withLines(line("", 1, 2, NaN, 4, Infinity, 6)));
    const path = /<path d="([^"]+)" fill="none"[^>]*stroke-linejoin/.exec(svg)?.[1] ?? "";
    expect(path.match(/M/g)).toHaveLength(3);
    expect(count(svg, "translate(") - count(svg, "translate(20 ")).toBe(4);
  });

  test("names lines at their ends where there is room, else in a legend, and once each", () => {
    const near = againstFigure(withLines(line("a", 1, 2), line("b", 2, 3))).svg;
    expect(count(near, ">a</text>")).toBe(1);
    expect(near).not.toContain('stroke-width="1.6"');
    const long = "a name that does not fit beside a frame";
    const far = againstFigure(withLines(line(long, 1, 2), line("b", 2, 3))).svg;
    expect(count(far, `>${long}</text>`)).toBe(1);
    expect(count(far, 'stroke-width="1.6"')).toBe(2);
    // Of lines that end at different places, too.
    const early = againstFigure(withLines(line("a", 1), line("b", 2, 3))).svg;
    expect(count(early, 'stroke-width="1.6"')).toBe(2);
    expect(againstFigure(withLines(line("a", 1, 2))).svg).not.toContain(">a</text>");
  });

  test("draws a fit of a line's name in its color, and one of another name in grey", () => {
    const fit = { ...line("b", 2, 3), plain: true, dashed: true };
    const colors = (name: string) =>
      [
        ...againstFigure(
          withLines(line("a", 1, 2), line("b", 2, 2.5), { ...fit, name }),
        ).svg.matchAll(/stroke="([^"]+)" stroke-width="1.4"/g),
      ].map(([, color]) => color);
    // From the last line to the first.
    const [own, b, a] = colors("b");
    expect(own).toBe(b);
    expect(a).not.toBe(b);
    expect(colors("width^−1")[0]).toBe("#5c5c5c");
  });

  test("marks verticals within the points, and no other", () => {
    const { svg } = againstFigure({
      ...SPEC,
      verticals: [
        { x: 61, label: "threshold 61" },
        { x: 400, label: "beyond" },
      ],
      levels: [{ y: 0.5, label: "half" }],
    });
    expect(svg).toContain(">threshold 61</text>");
    expect(svg).toContain(">half</text>");
    expect(svg).not.toContain("beyond");
  });

  test("tells the first points to those who cannot see it", () => {
    expect(againstFigure(withLines(line("noise 0.1", 1, 2))).svg).toContain(
      "test error at the end against hidden width. noise 0.1. 1: 1.00; 2: 2.00.",
    );
  });

  test("a range far beyond all points does not flatten them", () => {
    const points = [1, 2].map((x) => ({ x, y: x, low: x - 1, high: x === 2 ? 1e9 : 2 }));
    const { svg } = againstFigure(withLines({ name: "", points }));
    const ticks = [...svg.matchAll(/>([\d.e+]+)<\/text>/g)].map(([, tick]) => Number(tick));
    expect(Math.max(...ticks)).toBeLessThan(5);
  });
});

test.each(SIZES)("six lines of long names are all named, %s", (size) => {
  const names = Array.from({ length: 6 }, (_, i) => `width ${i}, parametrization of a long name`);
  const { svg } = againstFigure(withLines(...names.map((name) => line(name, 1, 2))), size);
  for (const name of names) expect(svg).toContain(`>${name}</text>`);
});

describe("categories", () => {
  const named = (names: readonly string[]): Against => ({
    ...{ name: "named", title: "t", caption: "c." },
    x: { label: "activation · optimizer", scale: "categories" },
    y: { label: "test error", scale: "linear" },
    lines: ["seeds", "rounding"].map((name) => ({
      name,
      points: names.map((x, y) => ({ x, y })),
    })),
  });
  const textsOf = (spec: Against, size: "paper" | "slide" | "phone") =>
    [...againstFigure(spec, size).svg.matchAll(/<text [^>]*>([^<]+)<\/text>/g)].map(
      ([, text]) => text,
    );
  const crossed = (these: readonly unknown[], those: readonly unknown[]) =>
    these.flatMap((one) => those.map((other) => `${String(one)} · ${String(other)}`));
  const places = (svg: string, label: string) =>
    [...svg.matchAll(new RegExp(`<text [^>]*x="([^"]+)"[^>]*>${label}</text>`, "g"))].map(([, x]) =>
      Number(x),
    );

  test("are named whole where that fits", () => {
    const texts = textsOf(named(["relu · sgd", "relu · adam"]), "slide");
    expect(texts).toContain("relu · sgd");
    expect(texts).toContain("relu · adam");
  });

  test("of two parts have a row for each, and the first once in a row", () => {
    const spec = named(crossed([16, 32, 64, 128], [0, 0.1, 0.2, 0.3, 0.4]));
    for (const size of ["paper", "slide"] as const) {
      const { svg } = againstFigure(spec, size);
      for (const first of [16, 32, 64, 128]) expect(places(svg, String(first))).toHaveLength(1);
      expect(places(svg, "0.4")).toHaveLength(4);
      expect(places(svg, "0.4")[0]).toBeLessThan(places(svg, "32")[0]);
    }
  });

  test("of long names are numbered, and the legend tells all of them", () => {
    const names = crossed(["relu", "tanh", "square", "leaky-relu"], ["momentum-sgd", "nesterov"]);
    for (const size of ["slide", "phone"] as const) {
      const texts = textsOf(named(names), size);
      for (const [at, name] of names.entries()) {
        expect(texts).toContain(`${at + 1}: ${name}`);
        expect(texts).toContain(String(at + 1));
      }
    }
  });

  test("that are numbers are thinned as before", () => {
    const widths = Array.from({ length: 80 }, (_, at) => String(1000 + at));
    const texts = textsOf(named(widths), "phone");
    expect(texts).toContain("1079");
    expect(texts.filter((text) => text.startsWith("10")).length).toBeLessThan(20);
  });
});

test("a line without a point is named as one that has none", () => {
  const spec: Against = {
    ...{ name: "lost", title: "t", caption: "c." },
    x: { label: "width", scale: "log" },
    y: { label: "loss", scale: "log" },
    lines: [
      { name: "8", points: [{ x: 1, y: NaN }, { x: 2, y: Infinity }] }, // prettier-ignore
      { name: "16", points: [{ x: 1, y: 0 }, { x: 2, y: -1 }] }, // prettier-ignore
      { name: "32", points: [{ x: 1, y: 1 }, { x: 2, y: 2 }] }, // prettier-ignore
    ],
  };
  const { svg } = againstFigure(spec);
  expect(svg).toContain(">8: none</text>");
  expect(svg).toContain(">16: none</text>");
  expect(svg).toContain(">32</text>");
  expect(againstFigure({ ...spec, y: { label: "loss", scale: "linear" } }).svg).toContain(
    ">16</text>",
  );
});
