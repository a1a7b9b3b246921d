import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { Effect, Gate } from '../gate/gate.ts';
import type { Evidence, EvidenceEntry } from '../render/html-extras.ts';
import type { Report } from '../report.ts';

/** How much of the octets a report carries. */
export const EVIDENCE_LIMITS = Object.freeze({
  /** Octets of one case, in both directions together. */
  caseBytes: 65_536,
  /** Octets of a whole report. */
  reportBytes: 8 * 1_048_576,
  /** A larger `transcript.json` is not read. */
  fileBytes: 16 * 1_048_576,
  /** Writes and reads of one case. */
  entries: 2_000,
});

export interface EvidenceFound {
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** What was not put into the report, in words; empty when all was. */
  readonly note: string;
}

/**
 * Reads the octets behind cases and crashes from the folders that the results name: those of cases beside the results
 * file, those of crashes below `cwd`. What decides the gate comes first, until the report is full. A folder that is not
 * there, lies elsewhere or holds something else is passed over: results may be read on another machine.
 */
export function readEvidence(report: Report, gate: Gate, cwd: string): EvidenceFound {
  const effects = new Map(gate.findings.map(({ key, effect }) => [key, effect]));
  const ofCases = report.cases.flatMap(({ key, evidence, run }) =>
    evidence === undefined
      ? []
      : [{ key, root: dirname(report.runs[run]?.source ?? ''), folder: evidence, read: transcript }],
  );
  const ofCrashes = report.findings.flatMap(({ key, bundle }) =>
    bundle === undefined ? [] : [{ key, root: cwd, folder: bundle, read: input }],
  );
  const wanted = [...ofCrashes, ...ofCases].sort((a, b) => weight(effects.get(a.key)) - weight(effects.get(b.key)));
  const found = new Map<string, Evidence>();
  let [bytes, missing, full] = [0, 0, 0];
  for (const { key, root, folder, read } of wanted) {
    if (bytes >= EVIDENCE_LIMITS.reportBytes) {
      full += 1;
      continue;
    }
    const path = within(root, folder);
    const evidence = path === undefined ? undefined : read(path);
    if (evidence === undefined) missing += 1;
    else {
      found.set(key, evidence);
      bytes += evidence.entries.reduce((sum, { octets }) => sum + octets.length, 0);
    }
  }
  const notes = [
    missing === 0 ? '' : `the octets of ${cases(missing)} are not where the results say`,
    full === 0
      ? ''
      : `the octets of ${cases(full)} are left out: a report carries ${EVIDENCE_LIMITS.reportBytes >> 20} MiB`,
  ];
  return { evidence: found, note: notes.filter((note) => note !== '').join('; ') };
}

const cases = (count: number): string => (count === 1 ? '1 case' : `${count} cases`);

const WEIGHTS = { fail: 0, inconclusive: 1, warn: 2, ok: 3 } as const satisfies Record<Effect, number>;
const weight = (effect: Effect | undefined): number => (effect === undefined ? 4 : WEIGHTS[effect]);

/** The folder, when it is really below its root: results are somebody's input. */
function within(root: string, folder: string): string | undefined {
  try {
    const [top, path] = [realpathSync(root === '' ? '.' : root), realpathSync(join(root, folder))];
    const way = relative(top, path);
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : path;
  } catch {
    return undefined;
  }
}

const Transcript = z.object({
  entries: z.array(
    z.object({
      atMs: z.number(),
      direction: z.enum(['sent', 'received']).optional(),
      base64: z.base64().optional(),
      note: z.string().optional(),
    }),
  ),
});

/** What `conform` saves of a case. */
function transcript(folder: string): Evidence | undefined {
  const parsed = Transcript.safeParse(json(join(folder, 'transcript.json')));
  if (!parsed.success) return undefined;
  const entries: EvidenceEntry[] = [];
  let [left, cut] = [EVIDENCE_LIMITS.caseBytes, 0];
  for (const { atMs, direction, base64, note } of parsed.data.entries) {
    const octets = Buffer.from(base64 ?? '', 'base64');
    if (entries.length >= EVIDENCE_LIMITS.entries) {
      cut += octets.length;
    } else if (direction === undefined) {
      entries.push({ atMs, direction: 'note', octets, note: note ?? '' });
    } else {
      const kept = octets.subarray(0, left);
      if (kept.length > 0) entries.push({ atMs, direction, octets: kept });
      left -= kept.length;
      cut += octets.length - kept.length;
    }
  }
  const output = read(join(folder, 'output.txt'))?.subarray(-8_192).toString('utf8');
  return { entries, cut, ...(output === undefined ? {} : { output }) };
}

/** What `fuzz` saves of a crash: its input, minimised where it could be. */
function input(folder: string): Evidence | undefined {
  const octets = read(join(folder, 'input.min.bin')) ?? read(join(folder, 'input.bin'));
  if (octets === undefined) return undefined;
  const kept = octets.subarray(0, EVIDENCE_LIMITS.caseBytes);
  return { entries: [{ atMs: 0, direction: 'sent', octets: kept }], cut: octets.length - kept.length };
}

function json(path: string): unknown {
  try {
    return JSON.parse(read(path)?.toString('utf8') ?? 'null');
  } catch {
    return undefined;
  }
}

function read(path: string): Buffer | undefined {
  try {
    const { size } = statSync(path);
    return size > EVIDENCE_LIMITS.fileBytes ? undefined : readFileSync(path);
  } catch {
    return undefined;
  }
}
