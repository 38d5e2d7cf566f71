// SVG as text: elements, escaping and rounding. Knows nothing of what is drawn.

/** A drawing that needs no other file, and what a report writes around it. */
export interface Figure {
  /** Name of its file without extension; prefix of the ids in it. */
  readonly name: string;
  readonly title: string;
  /** What the marks and scales mean, in full sentences. */
  readonly caption: string;
  readonly svg: string;
}

/** In the units of the drawing; `shown`, where it is another, is the size in px that it asks for. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly shown?: { readonly width: number; readonly height: number };
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export const INK = "#1a1a1a";
export const FAINT_INK = "#5c5c5c";
export const GRID = "#e4e4e4";

const FONT = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

/** An element; numbers are rounded to 2 decimals so that no engine's last bit shows, undefined is left out. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? decimal(value) : escape(String(value))}"`,
    )
    .join("");
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join("")}</${name}>`;
}

export function text(content: string, attributes: Attributes): string {
  return element("text", { "font-size": 11, fill: INK, ...attributes }, escape(content));
}

/** A white edge that keeps text readable where it crosses a line. */
export const HALO: Attributes = {
  stroke: "#ffffff",
  "stroke-width": 3,
  "stroke-linejoin": "round",
  "paint-order": "stroke",
};

/** The text of XML or HTML for `content`; characters that XML 1.0 forbids become U+FFFD. */
export function escape(content: string): string {
  return (
    content
      // eslint-disable-next-line no-control-regex -- these are the characters that XML forbids
      .replace(/[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, "\ufffd")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
  );
}

/** A whole figure on white, with its title and description for those who cannot see it. */
export function figure(
  head: { name: string; title: string; caption: string; description: string },
  { width, height, shown = { width, height } }: Sheet,
  ...children: string[]
): Figure {
  const { name, title, caption, description } = head;
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width: shown.width,
      height: shown.height,
      role: "img",
      "aria-labelledby": `${name}-title ${name}-description`,
      "font-family": FONT,
    },
    "\n",
    element("title", { id: `${name}-title` }, escape(title)),
    "\n",
    element("desc", { id: `${name}-description` }, escape(description)),
    "\n",
    element("rect", { width, height, fill: "#ffffff" }),
    ...children.flatMap((child) => (child === "" ? [] : ["\n", child])),
    "\n",
  );
  return { name, title, caption, svg: svg + "\n" };
}

/** An estimate, a little too wide, of the width in px of `content` in Inter. */
export function textWidth(content: string, fontSize: number): number {
  return 0.62 * fontSize * content.length;
}

function decimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a coordinate of a figure is ${value}`);
  return String(Math.round(value * 100) / 100 + 0);
}
