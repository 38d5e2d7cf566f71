// What is said where Node has no WebAssembly, by whoever finds it first.

export const NO_WEBASSEMBLY =
  "this Node has no WebAssembly, and the kernel needs it: start it without --jitless";
