// What a schedule is. table.ts has all of them by name.

export interface Schedule {
  /** Learning rate of pass `pass` (from 1), where the study gives `learningRate`. */
  readonly rate: (learningRate: number, pass: number) => number;
}
