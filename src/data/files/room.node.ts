// Whether this process has room for what a file claims to hold, asked before anything is allocated.

import { constants } from "node:buffer";
import { availableMemory } from "../../base/available-memory.node.ts";
import { InputError } from "../../base/errors.ts";
import { gigabytes } from "./room.ts";

/** Throws InputError where `bytes` of memory for `what` are more than an array or this process may have. */
export function checkRoom(bytes: number, what: string): void {
  const room = Math.min(availableMemory(), constants.MAX_LENGTH);
  if (bytes > room)
    throw new InputError(
      `${what} would take ${gigabytes(bytes)} of memory, and there is room for ${gigabytes(room)}; take fewer examples`,
    );
}
