// Whether this browser has WebAssembly with 128-bit operations.

/** A module whose one function makes a vector. */
const VECTOR = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

export function canRun(): boolean {
  return "WebAssembly" in globalThis && WebAssembly.validate(VECTOR);
}
