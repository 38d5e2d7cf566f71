// Small pictures: what a unit weighs, and what an example is. Images where the examples are images, else curves.

import { useEffect, useRef } from "preact/hooks";

interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/** Blue below zero, orange above, the ground at zero. */
function diverging(share: number, dark: boolean): readonly [number, number, number] {
  const ground = dark ? [21, 23, 28] : [255, 255, 255];
  const far = share < 0 ? [43, 108, 196] : [226, 111, 24];
  const [r, g, b] = ground.map((from, i) => from + (far[i] - from) * Math.min(1, Math.abs(share)));
  return [r, g, b];
}

export function Picture({
  values,
  image,
  signed,
  dark,
  label,
}: {
  readonly values: Float32Array | Uint8Array;
  readonly image: Shape | null;
  /** Whether values are weights around zero. */
  readonly signed: boolean;
  readonly dark: boolean;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    if (image === null) drawCurve(context, values, dark);
    else drawImage(context, values, image, signed, dark);
  }, [values, image, signed, dark]);
  const { columns, rows } = image ?? { columns: 120, rows: 72 };
  return <canvas ref={canvas} width={columns} height={rows} role="img" aria-label={label} />;
}

function drawImage(
  context: CanvasRenderingContext2D,
  values: Float32Array | Uint8Array,
  { rows, columns }: Shape,
  signed: boolean,
  dark: boolean,
): void {
  const pixels = context.createImageData(columns, rows);
  const most = largest(values);
  values.forEach((value, at) => {
    const share = value / most;
    const color = signed ? diverging(share, dark) : [255 * share, 255 * share, 255 * share];
    pixels.data.set([...color, 255], 4 * at);
  });
  context.putImageData(pixels, 0, 0);
}

function drawCurve(
  context: CanvasRenderingContext2D,
  values: Float32Array | Uint8Array,
  dark: boolean,
): void {
  const { width, height } = context.canvas;
  const most = largest(values);
  context.clearRect(0, 0, width, height);
  context.strokeStyle = dark ? "#3a3e49" : "#d8d8de";
  context.strokeRect(0, height / 2, width, 0);
  context.strokeStyle = dark ? "#f2a35e" : "#b4500b";
  context.lineWidth = 2;
  context.beginPath();
  values.forEach((value, at) => {
    context.lineTo((at * width) / (values.length - 1), (height / 2) * (1 - (0.9 * value) / most));
  });
  context.stroke();
}

function largest(values: Float32Array | Uint8Array): number {
  let most = 1e-12;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
