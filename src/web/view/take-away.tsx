// What one may take along: figures, numbers, the study's file, the link.

import { commandOf } from "../model/command.ts";
import { fileName } from "../form/own-file.tsx";
import type { Lab } from "../model/lab.ts";
import { CopyButton } from "./proof.tsx";

export function TakeAway({ lab }: { lab: Lab }) {
  const { answer, map, own } = lab;
  const isSoFar = answer === null && map !== null && map.trained > 0;
  const cannot = answer === null && !isSoFar;
  const name = lab.reading.said?.name;
  const stem = typeof name === "string" && /^[\w-]+$/.test(name) ? name : "study";
  const figures = async (save: (name: string, svg: string) => unknown) => {
    for (const { name, svg } of await lab.results.call("figures"))
      await save(`${stem}-${name}`, svg);
  };
  return (
    <section class="take" aria-labelledby="take-title">
      <h2 id="take-title">Take away</h2>
      <div class="buttons">
        <button
          type="button"
          disabled={cannot}
          onClick={() =>
            void lab.results.call("report", commandOf(lab.started ?? lab.text)).then((html) => {
              save(`${stem}.html`, new Blob([html], { type: "text/html" }));
            })
          }
        >
          All of it as one page
        </button>
        <button
          type="button"
          disabled={cannot}
          onClick={() =>
            void figures((name, svg) => {
              save(`${name}.svg`, new Blob([svg], { type: "image/svg+xml" }));
            })
          }
        >
          Figures as SVG
        </button>
        <button
          type="button"
          disabled={cannot}
          onClick={() =>
            void figures(async (name, svg) => {
              save(`${name}.png`, await pngOf(svg));
            })
          }
        >
          as PNG
        </button>
        <button
          type="button"
          disabled={cannot}
          onClick={() =>
            void lab.results.call("csv").then((csv) => {
              save(`${stem}.csv`, new Blob([csv], { type: "text/csv" }));
            })
          }
        >
          Trajectories as CSV
        </button>
        <button
          type="button"
          onClick={() => {
            save(`${stem}.yaml`, new Blob([lab.text], { type: "application/yaml" }));
          }}
        >
          Study as a file
        </button>
        <CopyButton
          text={lab.address.link}
          what="Copy the link"
          otherwise="It is in the address bar"
          key={lab.address.link}
        />
      </div>
      {cannot && <p class="hint">Figures and trajectories are there when the study is done.</p>}
      {isSoFar && (
        <p class="hint">
          The map is not finished: page, figures and trajectories have what is trained by now.
        </p>
      )}
      {own.digest !== null && (
        <p class="hint">
          The link holds the study and not its file: who opens it elsewhere needs {fileName(lab)},
          whose digest is <code class="digest">{own.digest}</code>
        </p>
      )}
    </section>
  );
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

/** At twice the size of the drawing. */
async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = new OffscreenCanvas(2 * image.width, 2 * image.height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas to draw on");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return canvas.convertToBlob({ type: "image/png" });
}
