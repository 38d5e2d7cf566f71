// 0 … n − 1 in every pass: nothing is drawn.

import type { Order } from "./order.ts";

export const inOrder: Order = (_, n) => {
  const places = new Uint32Array(n);
  for (let place = 0; place < n; place++) places[place] = place;
  return places;
};
