/**
 * The door of the room: events in, a decision and texts out.
 *
 *     const report = foldReport([{ name: 'this run', events }]);
 *     const gate = decideGate(report, await readExpectations(paths));
 *     out.write(renderTerminal(report, gate, { color }));
 *     return gate.exit;
 */

export { type EventSource, foldReport } from './fold.ts';
export { type Acceptance, acceptance, type Excuse, prunable } from './gate/accept.ts';
export { parseDay } from './gate/calendar.ts';
export { decideGate, type GateOptions } from './gate/decide.ts';
export { addEntries, removeEntries } from './gate/edit-expectations.ts';
export {
  type Expectation,
  type Expectations,
  NO_EXPECTATIONS,
  parseExpectations,
  readExpectations,
} from './gate/expectations.ts';
export { type Explained, explainFinding } from './gate/explain.ts';
export type { Effect, Gate, GateClass, GateFinding, GateVerdict } from './gate/gate.ts';
export { parseRule, parseRules, type Rule } from './gate/rules.ts';
export { shardSets } from './gate/shards.ts';
export { bisectCommand } from './history/bisect.ts';
export { compareReports, failingSince, type Since } from './history/compare.ts';
export { historyEntry } from './history/entry.ts';
export { addToHistory, HISTORY_LIMITS, readHistory } from './history/store.ts';
export { EVIDENCE_LIMITS, readEvidence } from './ingest/evidence.ts';
export { findResults } from './ingest/files.ts';
export { readFuzzSeries } from './ingest/fuzz-series.ts';
export { readInput } from './ingest/input.ts';
export { parseMatrix } from './ingest/matrix.ts';
export { INGEST_LIMITS, type IngestLimits, parseResults, readResults } from './ingest/ndjson.ts';
export { mergeSources } from './merge.ts';
export { FORMATS, type Format } from './render/formats.ts';
export type { FieldReader, HtmlExtras } from './render/html-extras.ts';
export { renderGateJson, renderJson } from './render/json.ts';
export { escapeTerminal, renderTerminal, type TerminalOptions } from './render/terminal.ts';
export type { Area, CaseResult, Finding, FuzzStats, Report, Run } from './report.ts';
export { ReportsError } from './reports-error.ts';
export * from './schema.ts';
export { visible } from './visible.ts';
