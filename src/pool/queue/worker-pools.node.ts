// A worker's pools: one for each data set and what its trials begin with. Those without work are closed but for the newest.

import { WidthwiseError } from "../../base/errors.ts";
import { hex, type Sha256 } from "../../base/sha256.ts";
import type { Dataset } from "../../data/dataset.ts";
import { givenDigest, type GivenParameters } from "../../model/initializations/initialization.ts";
import type { Parameters } from "../../model/network.ts";
import { shapeOf } from "../../model/trial.ts";
import { unpackParameters } from "../../records/given-parameters.ts";
import type { Pool } from "../pool.ts";
import type { Job } from "./messages.node.ts";

/** Pools that are kept for work to come. */
const MOST_IDLE = 2;

export interface ClosablePool extends Pool {
  close(): Promise<void>;
}

export interface WorkerPoolsOptions {
  readonly sha256: Sha256;
  /** The data set with this digest. Throws WidthwiseError where it is not to be had here. */
  readonly load: (digest: string, source: unknown) => Promise<Dataset>;
  readonly createPool: (dataset: Dataset, given: GivenParameters) => Promise<ClosablePool>;
}

/** What trains on a data set. */
export interface Ready {
  readonly pool: ClosablePool;
  readonly dataset: Dataset;
}

/** A pool that is a job's until that ends. */
export interface Taken extends Ready {
  end(): Promise<void>;
}

export class WorkerPools {
  readonly #options: WorkerPoolsOptions;
  /** The one that was used last comes last. */
  readonly #pools = new Map<string, { readonly ready: Promise<Ready>; jobs: number }>();

  constructor(options: WorkerPoolsOptions) {
    this.#options = options;
  }

  /** Throws WidthwiseError where the job cannot be trained here. */
  async take(asked: Job): Promise<Taken> {
    const { sha256 } = this.#options;
    const name = [asked.dataset, ...asked.given.map((bytes) => hex(sha256(bytes)))].join();
    const one = this.#pools.get(name) ?? { ready: this.#make(asked), jobs: 0 };
    const isNewest = () => {
      this.#pools.delete(name);
      this.#pools.set(name, one);
    };
    isNewest();
    // Another time its data may be there.
    one.ready.catch(() => this.#pools.delete(name));
    one.jobs++;
    const end = () => {
      one.jobs--;
      if (this.#pools.get(name) === one) isNewest();
      return this.#closeIdle();
    };
    try {
      const { pool, dataset } = await one.ready;
      pool.check(asked.trials);
      return { pool, dataset, end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const name of this.#pools.keys()) await this.#close(name);
  }

  async #closeIdle(): Promise<void> {
    const idle = [...this.#pools.keys()].filter((name) => this.#pools.get(name)?.jobs === 0);
    for (const name of idle.slice(0, -MOST_IDLE)) await this.#close(name);
  }

  async #close(name: string): Promise<void> {
    const closed = this.#pools.get(name)?.ready.then(({ pool }) => pool.close());
    this.#pools.delete(name);
    await closed?.catch(() => undefined);
  }

  async #make(asked: Job): Promise<Ready> {
    const { load, createPool } = this.#options;
    const dataset = await load(asked.dataset, asked.source);
    return { pool: await createPool(dataset, this.#given(asked, dataset)), dataset };
  }

  /** Throws WidthwiseError where trials begin with others than come with them. */
  #given({ trials, given }: Job, dataset: Dataset): GivenParameters {
    const found = new Map<string, Parameters>();
    for (const { specification } of trials) {
      const digest = givenDigest(specification.model);
      if (digest === null) continue;
      const shape = shapeOf({ specification }, dataset);
      const bytes = given.find((one) => hex(this.#options.sha256(one)) === digest);
      const parameters = bytes && unpackParameters(bytes, shape);
      if (!parameters) throw new WidthwiseError("a job lacks what its trial begins with");
      found.set(digest, parameters);
    }
    return found;
  }
}
