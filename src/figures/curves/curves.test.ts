// Curves: their lines, marks, bands and legend.

import { widthOf } from "../../records/point.ts";
import { describe, expect, test } from "vitest";
import {
  ensembleOutcomes,
  homeworkOutcomes,
  timedOutcome,
} from "../../../test/support/outcomes.ts";
import { DIVERGED, FEW_SEEDS, MANY_WIDTHS } from "../../../test/support/figures.ts";
import { curvesFigure, curvesSlides } from "./curves.ts";
import { style } from "../series.ts";

describe("curves", () => {
  test("show every width in the legend, with a mark of its own", () => {
    const marks = MANY_WIDTHS.map((__, index) => {
      const { color, dash, marker } = style(index, MANY_WIDTHS.length);
      return `${color} ${dash ?? ""} ${marker(0, 0)}`;
    });
    expect(new Set(marks).size).toBe(MANY_WIDTHS.length);
    const { svg } = curvesFigure(MANY_WIDTHS, 40);
    for (const one of MANY_WIDTHS) expect(svg).toContain(`>${widthOf(one)}</text>`);
  });

  test("grow steadily darker with width", () => {
    const luminances = Array.from({ length: 20 }, (__, index) => luminance(style(index, 20).color));
    for (const [index, value] of luminances.entries()) {
      if (index > 0) expect(value).toBeLessThan(luminances[index - 1] ?? 0);
    }
    // 2.2 to 1 on white is what the lightest line needs to be seen in print.
    expect(1.05 / ((luminances[0] ?? 1) + 0.05)).toBeGreaterThan(2.2);
  });

  test("end where the last trial does, if none has all of its passes", () => {
    const end = (passes: number) => {
      const { svg } = curvesFigure(FEW_SEEDS, passes);
      return [...svg.matchAll(/text-anchor="middle">(\d+)<\/text>/g)].map(([, tick]) =>
        Number(tick),
      );
    };
    expect(Math.max(...end(60))).toBe(60);
    expect(end(400)).toEqual(end(60));
  });

  test("mark the pass of interpolation", () => {
    const { svg } = curvesFigure(homeworkOutcomes(), 100);
    for (const pass of [55, 41, 37]) expect(svg).toContain(`>${pass}</text>`);
    expect(svg.match(/<circle[^>]*r="3.4"/g)).toHaveLength(3);
  });

  test("end a diverged line with a cross in each panel and say so", () => {
    const { svg, caption } = curvesFigure(DIVERGED, 100);
    expect(svg.match(/stroke-width="1.8"/g)).toHaveLength(4);
    expect(caption).toContain("diverged (1 of 4)");
    expect(curvesFigure(homeworkOutcomes(), 100).caption).not.toContain("diverged");
  });

  test("keep what stopped trials ended with, and say so where there are several seeds", () => {
    const [first, ...others] = FEW_SEEDS;
    const { trajectory } = first.record;
    const record = { ...first.record, trajectory: trajectory.slice(0, 21) };
    const stopped = [{ ...first, record, stopped: true } as const, ...others];
    const kept = "Such a trial keeps its last values, so that lines are medians over all seeds";
    const { svg, caption } = curvesFigure(stopped, 60);
    expect(caption).toContain(
      `1 of ${stopped.length} trials end early, where the study's rule stopped them. ${kept}`,
    );
    // As if its rows went on.
    const rest = trajectory.slice(21).map(({ pass }) => ({ ...trajectory[20], pass }));
    const longer = { ...record, trajectory: [...record.trajectory, ...rest] };
    const drawn = curvesFigure([{ ...first, record: longer }, ...others], 60);
    const shapes = (of: string) => of.match(/ d="[^"]*"/g);
    expect(shapes(svg)).toEqual(shapes(drawn.svg));
    expect(curvesFigure(FEW_SEEDS, 60).caption).not.toContain("stopped");
    expect(curvesFigure(stopped.slice(0, 1), 60).caption).not.toContain(kept);
  });

  test("say where stopped trials end with misses, above which stands a ring", () => {
    const stoppedAt = (misses: readonly number[], seed: number) =>
      ({ ...timedOutcome(8, 5, { seed, misses, passes: 10 }), stopped: true }) as const;
    const captionOf = (...all: (readonly number[])[]) =>
      curvesFigure(all.map(stoppedAt), 60).caption;
    expect(captionOf([10], [9, 10], [])).toContain(
      "2 stopped trials interpolated, yet missed examples again in the last pass: a line may end below 100% in spite of its ring.",
    );
    expect(captionOf([9], [], [6])).not.toContain("missed examples");
    expect(captionOf([10])).not.toContain("missed examples");
    const lasting = [0, 1].map((seed) => timedOutcome(8, 5, { seed, misses: [10], passes: 10 }));
    expect(curvesFigure(lasting, 60).caption).not.toContain("missed examples");
  });

  test("the caption of a panel alone tells of nothing else", () => {
    const slides = curvesSlides(homeworkOutcomes(), 100);
    const captions = new Map(slides.map(({ name, caption }) => [name, caption]));
    expect(captions.get("curves-test-loss")).toBe(
      "Test loss against effective passes, one line per width. Passes are on a square-root scale and losses (mean objective, in nats) on a logarithmic one.",
    );
    expect(captions.get("curves-test-accuracy")).toMatch(
      /^Test accuracy against effective passes, one line per width\. Passes are on a square-root scale\. The scale of test accuracy is linear/,
    );
    expect(captions.get("curves-train-accuracy")).toContain("Rings and the numbers above them");
    for (const caption of captions.values()) expect(caption).not.toMatch(/\([a-d]\b/);
  });

  test("have bands only where there are seeds", () => {
    expect(curvesFigure(FEW_SEEDS, 60).svg.match(/opacity="0.16"/g)).toHaveLength(12);
    expect(curvesFigure(homeworkOutcomes(), 100).svg).not.toContain('opacity="0.16"');
  });

  test("draw every band of a panel before its first line, so that no median is covered", () => {
    const [, ...panels] = curvesFigure(FEW_SEEDS, 60).svg.split("<clipPath");
    expect(panels).toHaveLength(4);
    for (const panel of panels) {
      const lastBand = panel.lastIndexOf('opacity="0.16"');
      expect(lastBand).toBeGreaterThan(0);
      expect(panel.indexOf('stroke-linejoin="round"')).toBeGreaterThan(lastBand);
    }
  });

  test("show the seeds of more than six widths as bars at the markers instead, and say so", () => {
    const widths = (count: number): number[] => Array.from({ length: count }, (__, i) => 2 ** i);
    const six = curvesFigure(ensembleOutcomes(widths(6), 3, 20), 20);
    expect(six.svg.match(/opacity="0.16"/g)).toHaveLength(4 * 6);
    expect(six.caption).toContain("bands their range");
    const seven = curvesFigure(ensembleOutcomes(widths(7), 3, 20), 20);
    const bars = seven.svg.match(/ d="M[\d.]+ [\d.]+V[\d.]+m-2 0h4/g);
    const markers = seven.svg.match(/<path d="[^"]*" transform/g);
    expect(seven.svg).not.toContain('opacity="0.16"');
    // The legend has a marker, and no bar, for each width.
    expect(bars?.length).toBe((markers?.length ?? 0) - 7);
    expect(seven.caption).toContain("bars at the markers their range");
  });
});

/** Relative luminance (WCAG 2) of "rgb(r, g, b)". */
function luminance(color: string): number {
  const hexadecimal = /^#(..)(..)(..)$/
    .exec(color)
    ?.slice(1)
    .map((pair) => parseInt(pair, 16));
  const channels = hexadecimal ?? (color.match(/\d+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
