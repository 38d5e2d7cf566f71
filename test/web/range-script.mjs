// The points of ranges as a script that any engine runs: the digits of all of them, by the product's own code.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** An expression whose value is a list of strings. @returns {Promise<string>} */
export async function rangeScript() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../support/range-points.ts", import.meta.url))],
    ...{ bundle: true, write: false, format: "iife", globalName: "ranges", target: "es2022" },
  });
  return `(() => { ${outputFiles[0].text}; return ranges.rangePoints(); })()`;
}
