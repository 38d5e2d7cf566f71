// From the study's rate down to 0 in half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts).

import { cos } from "../elementary.ts";
import type { Schedule } from "./schedule.ts";

export const cosine: Schedule<{ readonly passes: number }> = (learningRate, pass, { passes }) =>
  learningRate * (0.5 * (1 + cos((Math.PI * pass) / passes)));
