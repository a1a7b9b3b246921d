import { createHash } from 'node:crypto';
import type { CoverageEvent } from '../../reports/schema.ts';
import type { FileLines } from './c8-report.ts';

/**
 * What a replay reached as events for the gate, one of lines and one of branches. Each file stands there with the digest of its
 * text, and the whole with that of its inputs, so that only like is compared with like.
 */
export function coverageEvents(
  files: readonly FileLines[],
  sourceOf: (path: string) => string,
  inputs: readonly { readonly target: string; readonly inputs: readonly Uint8Array[] }[],
): readonly CoverageEvent[] {
  const digests = inputs.flatMap(({ target, inputs }) => inputs.map((input) => `${target} ${digestOf(input)}`));
  const event = (metric: 'lines' | 'branches'): CoverageEvent => ({
    kind: 'coverage',
    target: 'corpus',
    origin: 'replay',
    metric,
    // V8 cuts its blocks otherwise in another major version.
    instrument: `V8 of Node ${process.versions.node.split('.', 1)[0]}`,
    corpus: digestOf(digests.sort().join('\n')),
    files: files.map((file) => ({
      path: file.path,
      digest: digestOf(sourceOf(file.path)),
      hit: file[metric].filter(({ ran }) => ran).length,
      total: file[metric].length,
    })),
    repro: 'npx aeronet corpus coverage',
  });
  return [event('lines'), event('branches')];
}

const digestOf = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);
