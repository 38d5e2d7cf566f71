// Rasterizes a figure. The letters are Inter's, from font files that come with widthwise: no system font is asked.

import { fileURLToPath } from "node:url";

import { Resvg } from "@resvg/resvg-js";

import type { Figure } from "./svg.ts";

/** The two weights that figures use. */
const FONTS = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)),
);

/** The figure as PNG, `zoom` pixels to the unit of its view box. */
export function png(figure: Figure, zoom = 2): Uint8Array {
  // Its word for what browsers call pixelated.
  const svg = figure.svg.replaceAll("image-rendering:pixelated", "image-rendering:optimizeSpeed");
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: zoom },
    font: { loadSystemFonts: false, fontFiles: FONTS, defaultFontFamily: "Inter" },
  });
  return image.render().asPng();
}
