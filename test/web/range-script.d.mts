export function rangeScript(): Promise<string>;
