// What a schedule is. table.ts has all of them by name.

/** Learning rate of pass `pass` (from 0), where the study gives `learningRate`; in float64. */
export type Schedule<Settings> = (learningRate: number, pass: number, settings: Settings) => number;
