/** Parsers for option values, to be given to commander: a value out of range is refused with exit 2, never clipped. */
import { InvalidArgumentError, Option } from 'commander';

/** A whole number from `min` to `max`: `.option('--jobs <n>', 'at once', integer(1, 64), 4)`. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

/** A TCP port; 0 lets the system choose. */
export const port = integer(0, 65_535);

/** A seed for a deterministic run: 0 to 2^32-1. */
export const seed = integer(0, 0xffff_ffff);

/** A duration such as `500ms`, `30s`, `5m`, `2h`, as milliseconds from `minMs` to `maxMs`. */
export function durationMs(minMs: number, maxMs: number): (text: string) => number {
  return (text) => {
    const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
    const value = isUnit(unit) ? Number(amount) * UNIT_MS[unit] : Number.NaN;
    if (value >= minMs && value <= maxMs) return value;
    throw new InvalidArgumentError(`Give a duration such as 500ms, 30s or 5m, from ${minMs} ms to ${maxMs} ms.`);
  };
}

/** Longest time of one execution of a fuzz target, in milliseconds, where nothing else is said. */
export const DEFAULT_HANG_MS = 1_000;

/** `--hang <time>`, as all commands have it that run inputs. */
export function hangOption(): Option {
  return new Option('--hang <time>', 'longest time of one execution')
    .argParser(durationMs(10, 600_000))
    .default(DEFAULT_HANG_MS, '1s');
}

/** An amount of memory or disk such as `512M` or `4G`, in binary units, as octets from `min` to `max`. */
export function bytes(min: number, max: number): (text: string) => number {
  return (text) => {
    const [, amount, unit] = /^(\d{1,9})(K|M|G|T)(?:iB)?$/.exec(text) ?? [];
    const value = isSizeUnit(unit) ? Number(amount) * UNIT_BYTES[unit] : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a size such as 512M or 4G, from ${min} to ${max} octets.`);
  };
}

/** One part of a run that is shared out: `index` of 1 to `total`. */
export interface ShardOf {
  readonly index: number;
  readonly total: number;
}

/** `2/4`: the second of four parts. */
export function shard(text: string): ShardOf {
  const [, index, total] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const value = { index: Number(index), total: Number(total) };
  if (value.index >= 1 && value.index <= value.total && value.total <= 1_000) return value;
  throw new InvalidArgumentError('Give a part and how many there are, such as 1/4.');
}

/** An option that may be given more than once, or with commas: `--format md,junit --format json`. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new InvalidArgumentError('Give names, with commas between them.');
  return [...before, ...items];
}

const UNIT_BYTES = { K: 1_024, M: 1_048_576, G: 1_073_741_824, T: 1_099_511_627_776 } as const;

function isSizeUnit(unit: string | undefined): unit is keyof typeof UNIT_BYTES {
  return unit !== undefined && Object.hasOwn(UNIT_BYTES, unit);
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

function isUnit(unit: string | undefined): unit is keyof typeof UNIT_MS {
  return unit !== undefined && Object.hasOwn(UNIT_MS, unit);
}
