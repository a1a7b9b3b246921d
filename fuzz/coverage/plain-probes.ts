import type { Probes } from '../engines/aeronet/comparison.ts';

/** Comparisons of instrumented code as they were before it was: nobody learns from them here. */
export const plainProbes: Probes = {
  eq: (_site, a, b) => a === b,
  ne: (_site, a, b) => a !== b,
  lt: (_site, a, b) => a < b,
  le: (_site, a, b) => a <= b,
  gt: (_site, a, b) => a > b,
  ge: (_site, a, b) => a >= b,
};
