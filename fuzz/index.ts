/** What the command line needs of this room. Targets and oracles are found by path, not here. */
export { parseBudget } from './campaign/budget.ts';
export { readBundle, updateBundle, writeBundle } from './campaign/bundle.ts';
export { type CampaignOptions, type CampaignResult, defaultMemoryBytes, runCampaign } from './campaign/campaign.ts';
export { addSeeds, closeCrash, promote } from './campaign/corpus-add.ts';
export { type CorpusCoverage, corpusCoverage } from './campaign/corpus-coverage.ts';
export {
  type CorpusEntryFile,
  findBySignature,
  meansSignature,
  readEntries,
  readTargetCorpus,
} from './campaign/corpus-folder.ts';
export { importInputs } from './campaign/corpus-import.ts';
export { cmin, merge, offersOf, type Shrunk, seedsOf, writeChoice } from './campaign/corpus-shrink.ts';
export { type CorpusStats, corpusStats } from './campaign/corpus-stats.ts';
export { exportTargets } from './campaign/export-targets.ts';
export { readForeign } from './campaign/flat-folder.ts';
export { hexView } from './campaign/hex-view.ts';
export {
  builtTree,
  defaultCorpus,
  demandCorpus,
  isSameFolder,
  namedTree,
  readDictionaryFile,
} from './campaign/locations.ts';
export { minimiseEntry } from './campaign/minimise-entry.ts';
export { eventsOf, type Replayed, replayAll, replayEvent } from './campaign/replay.ts';
export { openSandbox } from './campaign/sandbox.ts';
export { openEntries, sandboxes } from './campaign/saved-entries.ts';
export { type Provenance, writeSeeds } from './campaign/seed-write.ts';
export { type ShrunkInputs, shrinkGenerated } from './campaign/shrink-generated.ts';
export type { CampaignStatus, TargetStatus } from './campaign/status.ts';
export { saveFind } from './campaign/triage.ts';
export { COVERAGE_FORMATS } from './coverage/c8-report.ts';
export type { MeasureOptions } from './coverage/features.ts';
export { rangesOf } from './coverage/lost.ts';
export { percentOf } from './coverage/summary.ts';
export type { EngineStats } from './engines/engine.ts';
export { istanbulMirror } from './engines/jsfuzz/istanbul.ts';
export { checkTargetName, loadTarget as loadFuzzTarget, targetNames } from './engines/load-target.ts';
export { engineFolder } from './engines/optional-package.ts';
export { demandEngine, ENGINES, type EngineName, isEngineName, runEngine, runJazzerSync } from './engines/registry.ts';
export { MissingPackageError } from './errors.ts';
export { type EventLog, logText, thrownAt } from './events/log.ts';
