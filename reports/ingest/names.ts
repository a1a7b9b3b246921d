/** The names by which an input is known. */

/** Description of a crash bundle. */
export const BUNDLE = 'meta.json';

/** Summary of c8 and istanbul. */
export const C8 = 'coverage-summary.json';

export const isTap = (name: string): boolean => name.endsWith('.tap');

/** Whether a file of a folder is an input. */
export const isInput = (name: string): boolean =>
  name.endsWith('.ndjson') || isTap(name) || name === BUNDLE || name === C8;
