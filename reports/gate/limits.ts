/** How much worse is worse: the numbers of the gate's rules of coverage and performance. */
export const GATE_LIMITS = Object.freeze({
  /** Share of what the base reached that may be lost in unchanged files. */
  coverageDrop: 0.005,
  /** Share by which a scenario may be slower, whatever its interval says. */
  minEffect: 0.05,
  /** How many half-widths of the interval of the reference beside itself count as noise. */
  noiseFactor: 2,
  /** Pairs below which a measurement says nothing. */
  pairs: 10,
  /** Share by which a counter may exceed the base's. */
  counterGrowth: 0.01,
});
