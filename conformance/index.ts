/** The door of the room: what the CLI needs. */
export { allCases } from './cases/index.ts';
export { areaOf } from './define.ts';
export { type Disagreement, matters } from './diff/compare.ts';
export { type Comparison, compareTargets } from './diff/diff.ts';
export { describeQuirks } from './diff/quirks.ts';
export { selectStimuli } from './diff/stimuli.ts';
export type { Understanding } from './diff/understanding.ts';
export { BenchError } from './errors.ts';
export { findH2spec, H2SPEC_CACHE } from './h2spec/binary.ts';
export { H2SPEC_CASES, selectH2spec } from './h2spec/catalogue.ts';
export { runH2spec } from './h2spec/run.ts';
export {
  type CitedCase,
  type Coverage,
  coverageOf,
  explainRequirement,
  matrixOf,
  namedBy,
} from './requirements/matrix.ts';
export { citationOf, parseRegistry, type Registry, type Requirement, readRegistry } from './requirements/registry.ts';
export { explainCase } from './run/explain.ts';
export { openResultsFile } from './run/results-file.ts';
export { type RunOptions, runConformance } from './run/run.ts';
export { atLevel, SELECTOR_FORMS, selectCases } from './run/select.ts';
export { distinctlyNamed, parseTarget, type Target, withWsPath } from './run/target.ts';
export { findSubject, isInstalled, SUBJECTS, subjectNames } from './subjects/index.ts';
export { readBlocks } from './wire/h2/read-blocks.ts';
