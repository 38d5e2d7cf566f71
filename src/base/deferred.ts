// A promise that is settled from outside.

export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** Of nothing where no value is said. */
export function deferred<Value = undefined>(): Deferred<Value> {
  let made: Pick<Deferred<Value>, "resolve" | "reject"> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    made = { resolve, reject };
  });
  if (made === undefined) throw new Error("a promise calls its executor at once");
  return { promise, ...made };
}
