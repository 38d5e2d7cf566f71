// Where the page lies, as its own HTML says.

/** Whether `widthwise lab` serves it, which can be asked for more. */
export function hasServer(): boolean {
  return saidOf("server") !== "";
}

/** Names of published data sets whose files lie beside it. */
export function datasetsBeside(): string[] {
  return saidOf("datasets")
    .split(" ")
    .filter((name) => name !== "");
}

function saidOf(what: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name=widthwise-${what}]`)?.content ?? "";
}
