// Several figures of one width as one, below one another.

import { element, figure, text, type Figure } from "./svg.ts";

export interface Panel {
  readonly heading: string;
  readonly figure: Figure;
}

const HEADING = 22;

/** `panels`: one or more, of paper or phone size. */
export function stacked(
  head: Pick<Figure, "name" | "title" | "caption">,
  panels: readonly Panel[],
): Figure {
  const sizes = panels.map(({ figure: { svg } }) => {
    const [, width, height] = /viewBox="0 0 (\S+) (\S+)"/.exec(svg) ?? [];
    return { width: Number(width), height: Number(height) };
  });
  const tops = sizes.map((_, place) =>
    sizes.slice(0, place).reduce((sum, { height }) => sum + height + HEADING, 0),
  );
  const description = panels.map(({ heading }) => heading).join("; ");
  const last = sizes.length - 1;
  return figure(
    { ...head, description: `One panel each: ${description}.` },
    { width: sizes[0].width, height: tops[last] + HEADING + sizes[last].height },
    ...panels.map(({ heading, figure: { svg } }, place) =>
      element(
        "g",
        { transform: `translate(0 ${tops[place]})` },
        text(heading, { x: 10, y: 16, "font-size": 12, "font-weight": 600 }),
        svg.trim().replace(/^<svg xmlns="[^"]*"/, `<svg y="${HEADING}"`),
      ),
    ),
  );
}
