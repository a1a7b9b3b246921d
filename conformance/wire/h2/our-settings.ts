/**
 * The settings that we announced, as the target may see them: one that it has not acknowledged may hold already, or not yet
 * (RFC9113#6.5.3).
 */
export class OurSettings {
  readonly #acknowledged = new Map<number, number>();
  /** Announced and not acknowledged, in order. */
  readonly #pending: ReadonlyMap<number, number>[] = [];

  announce(pairs: readonly (readonly [id: number, value: number])[]): void {
    this.#pending.push(new Map(pairs));
  }

  /** The oldest ones hold from now on, and are returned; undefined when there are none. */
  acknowledge(): ReadonlyMap<number, number> | undefined {
    const oldest = this.#pending.shift();
    for (const [id, value] of oldest ?? []) this.#acknowledged.set(id, value);
    return oldest;
  }

  /** The most that the target may take this setting to say. */
  most(id: number, initial: number): number {
    const underWay = this.#pending.flatMap((pairs) => pairs.get(id) ?? []);
    return Math.max(this.#acknowledged.get(id) ?? initial, ...underWay);
  }
}
