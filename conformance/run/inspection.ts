import type { FieldList } from '../model.ts';

/** A request as a target says it understood it: the JSON of `/inspect` (target contract). */
export interface Inspection {
  readonly method: string;
  readonly target: string;
  readonly protocol: string;
  /** Host and port of the target URI (RFC9112#3.3), from a target that tells. */
  readonly authority?: string;
  /** Names as received, values as latin1, in order. */
  readonly fields: FieldList;
  /** latin1. */
  readonly content: string;
  readonly trailers: FieldList;
}

/** Parses the JSON of `/inspect`; undefined when it is not of that shape. A missing `trailers` means none. */
export function parseInspection(json: Buffer): Inspection | undefined {
  const value = parseJson(json);
  if (!isRecord(value)) return undefined;
  const { method, target, protocol, content, authority } = value;
  const fields = parseFields(value['fields']);
  const trailers = parseFields(value['trailers'] ?? []);
  if (typeof method !== 'string' || typeof target !== 'string' || typeof protocol !== 'string') return undefined;
  if (typeof content !== 'string' || fields === undefined || trailers === undefined) return undefined;
  return {
    method,
    target,
    protocol,
    ...(typeof authority === 'string' ? { authority } : {}),
    fields,
    trailers,
    content: Buffer.from(content, 'base64').toString('latin1'),
  };
}

function parseFields(value: unknown): FieldList | undefined {
  if (!Array.isArray(value)) return undefined;
  const fields: [string, string][] = [];
  for (const pair of value) {
    if (!Array.isArray(pair)) return undefined;
    const [name, text]: unknown[] = pair;
    if (typeof name !== 'string' || typeof text !== 'string') return undefined;
    fields.push([name, text]);
  }
  return fields;
}

function parseJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
