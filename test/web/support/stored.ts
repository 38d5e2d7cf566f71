// Studies for the lab's server, and what it is asked of those that it keeps.

import type { Page } from "playwright-core";
import type { Listing } from "../../../src/report/watching.ts";
import type { Site } from "./browser.ts";

export const serverStudy = (name: string, widths: string, passes: number) => `name: ${name}
question: Does the server train as the command line does?
dataset: {name: mnist-1d, examples: 200, label_noise: 0.1}
model: {hidden: [width], init: he}
training: {learning_rate: 0.02, passes: ${passes}}
sweep: {width: ${widths}}
streams: {seeds: [0, 3]}
`;

export const SMALL_MAP = `name: small-map
question: Which widths and rates train?
dataset: {name: gaussian-clusters, inputs: 8, classes: 2, separation: 0, train: 40, test: 10}
model: {hidden: [width], activation: tanh, init: lecun}
training: {objective: squared error, batch: full, passes: 30}
evaluate: {every: 15}
sweep:
  width: {from: 2, to: 4, points: 3}
  training.learning_rate: {from: 0.01, to: 300, points: 3, scale: log}
streams: {seeds: [0, 1]}
ask: [{name: map, of: train_loss, refine: 1}]
`;

export async function askServer<Told>({ address }: Site, path: string): Promise<Told> {
  return (await (await fetch(`${address}api/${path}`)).json()) as Told;
}

export async function idOf(site: Site, name: string): Promise<string> {
  const { studies } = await askServer<Listing>(site, "studies");
  return studies.find((one) => one.name === name)?.id ?? "";
}

export async function passShown(page: Page): Promise<number> {
  return Number(await page.locator(".pass output").textContent());
}
