/** A wait for what need not come, during which its case asks nothing of the target. */
export type Rest = <T>(wait: () => Promise<T>) => Promise<T>;

/** So many cases may rest at once; each holds a connection open. */
const MAX_RESTING = 48;

/**
 * Runs jobs, so many at once. A job that only waits for a close gives its place to the next one meanwhile: the target has
 * nothing to do for it.
 */
export class Pool {
  readonly #places: number;
  #running = 0;
  #resting = 0;
  #fill: () => void = () => {};

  constructor(places: number) {
    this.#places = places;
  }

  /** Starts what `next` returns until it returns nothing, and waits for the last of it; rejects when a job does. */
  async run(next: () => Promise<void> | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#fill = () => {
        while (this.#running - this.#resting < this.#places) {
          // Counted first: a job may rest at once, and be asked here what is free.
          this.#running++;
          const job = next();
          if (job === undefined) {
            this.#running--;
            break;
          }
          job.then(() => {
            this.#running--;
            this.#fill();
          }, reject);
        }
        if (this.#running === 0) resolve();
      };
      this.#fill();
    });
  }

  /** Waits without a place, where there is room to rest. */
  readonly rest: Rest = async (wait) => {
    if (this.#resting >= MAX_RESTING) return wait();
    this.#resting++;
    const waited = wait();
    this.#fill();
    try {
      return await waited;
    } finally {
      this.#resting--;
    }
  };
}
