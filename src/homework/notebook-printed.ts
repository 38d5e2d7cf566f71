// What the homework notebook printed: NumPy seed 1, torch seed 0, its cells run in order, float32.

import type { Scores } from "./replay.ts";

export interface PrintedStream {
  readonly learning_rate: number;
  readonly before: Scores;
  /** After every 100th step, as far as it was printed; null where not a number. */
  readonly running_averages: readonly (number | null)[];
  /** null where it was not printed. */
  readonly after: Scores | null;
}

export const NOTEBOOK_PRINTED = {
  eta_star: 0.01,
  learning_rate: 0.005,
  /** The search at width 32, one pass each. */
  streams: [
    {
      learning_rate: 0.1,
      before: { train_loss: 2.303, train_accuracy: 0.094, test_loss: 2.303, test_accuracy: 0.096 },
      running_averages: [62.190763311322456, 4650229904738404.0, 8.93262588471546e29, null],
      after: { train_loss: null, train_accuracy: 0.098, test_loss: null, test_accuracy: 0.1 },
    },
    {
      learning_rate: 0.01,
      before: { train_loss: 2.303, train_accuracy: 0.052, test_loss: 2.303, test_accuracy: 0.051 },
      running_averages: [
        1.4608998256816126, 1.9923951213840163, 2.1889454314199206, 2.2640533873590174,
        2.2909573200380366, 2.2916773653685953, 2.1414728888739516, 1.8798762360914671,
        1.6420133585703154, 1.5075974727856454, 1.3210117978532534, 1.2342914046561744,
        1.1181583890333024, 0.9726298808026117, 0.8707886463612109, 0.79226330957119,
        0.8577001934259665, 0.9085297572757587, 0.8122739152289604, 0.834719401049695,
        0.731862613892723, 0.8407149233663985, 0.908821499570108, 0.7285062533028129,
        0.5984741258662986, 0.597750551638531, 0.6075865823842667, 1.0735915624737125,
        0.899249244420615, 0.7333176383869785, 0.7219997470497812, 0.7305460816789218,
        0.8116702203496948, 0.8059350258556143, 0.6905435382657853, 0.6735241816981435,
        0.5869940299452227, 0.5497299399154231, 0.8656895033968851, 0.8230686231384952,
        0.8478453928882861, 0.7543565825809772, 0.6816981395657867, 0.7355536919599106,
        0.5692651553372777, 0.6254473785115257, 0.5855207601357346, 0.6584080455105329,
        0.7935744484167768, 0.6542076240180466, 0.6168766956472357, 0.6126730244377553,
        0.5435988155295113, 0.702291688491632, 0.6388985573770474, 0.4845966323798432,
        0.4108601643779934, 0.6929472504863521, 0.6241212098750701, 0.6065785744881198,
      ],
      after: { train_loss: 0.561, train_accuracy: 0.794, test_loss: 0.649, test_accuracy: 0.781 },
    },
    {
      learning_rate: 0.02,
      before: { train_loss: 2.303, train_accuracy: 0.08, test_loss: 2.303, test_accuracy: 0.079 },
      running_averages: [],
      after: null,
    },
  ] satisfies readonly PrintedStream[],
  /** By width, before training: accuracy on the training and on the test set. */
  initial_accuracies: new Map<number, readonly [number, number]>([
    [8, [0.114, 0.111]],
    [16, [0.102, 0.098]],
    [32, [0.157, 0.148]],
    [128, [0.123, 0.117]],
    [512, [0.132, 0.137]],
  ]),
  /** By width; null for never within 100 passes. */
  passes_to_interpolation: new Map<number, number | null>([
    [8, null],
    [16, null],
    [32, 53],
    [128, 41],
    [512, 34],
  ]),
} as const;
