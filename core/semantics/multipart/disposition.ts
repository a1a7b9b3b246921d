import { fromLatin1 } from '../../bytes/latin1.ts';
import { TOKEN } from '../../bytes/octets.ts';
import { decodeUtf8, decodeUtf8Lossy } from '../../bytes/utf8.ts';
import type { Failure } from '../failure.ts';
import { type Parameter, readParameters } from '../parameters.ts';
import { bareFilename } from './filename.ts';

/** What Content-Disposition says of a part (RFC7578#4.2). */
export interface Disposition {
  readonly name: string;
  /** Without a path; empty where nothing can be said of it. Undefined for what is no file. */
  readonly filename: string | undefined;
}

/**
 * Whether `filename*` is taken. RFC7578#4.2 forbids it, and a form that has both names is read in two ways; but older clients
 * say names so that are not ASCII. Where it is taken, it comes before `filename`.
 */
export type ExtendedFilename = 'refuse' | 'accept';

/** Reads a Content-Disposition value of a form, one unit an octet. */
export function parseDisposition(value: string, extended: ExtendedFilename): Disposition | Failure {
  let end = 0;
  while (TOKEN[value.charCodeAt(end)] === 1) end++;
  // RFC7578#4.2 MUST: the type is "form-data"
  if (value.slice(0, end).toLowerCase() !== 'form-data') return { failure: 'FORM_DISPOSITION_TYPE', at: 0 };
  const parameters = readParameters(value, end, 'form');
  if ('failure' in parameters) return parameters;
  const given = parameters.get('name');
  // RFC7578#4.2 MUST: each part has a name
  if (given === undefined) return { failure: 'FORM_NAME_MISSING', at: value.length };
  const name = decodeUtf8(octetsOf(given));
  if (typeof name === 'number') return { failure: 'FORM_NAME_UTF8', at: given.at };
  const filename = filenameOf(parameters, extended);
  return typeof filename === 'object' ? filename : { name, filename };
}

function filenameOf(
  parameters: ReadonlyMap<string, Parameter>,
  extended: ExtendedFilename,
): string | undefined | Failure {
  const coded = parameters.get('filename*');
  if (coded !== undefined) {
    // RFC7578#4.2 MUST NOT: filename* in a form
    if (extended === 'refuse') return { failure: 'FORM_FILENAME_EXTENDED', at: coded.at };
    const text = decodeExtended(coded.value);
    return text === undefined ? { failure: 'FORM_FILENAME_CODING', at: coded.at } : bareFilename(text);
  }
  const plain = parameters.get('filename');
  // LENIENT RFC7578#5.1: a filename is only shown, so octets that are not UTF-8 are no reason to lose the file
  return plain === undefined ? undefined : bareFilename(decodeUtf8Lossy(octetsOf(plain)));
}

/** Browsers write a quote and the ends of lines as `%22`, `%0D` and `%0A`, and a percent sign as itself: the others stay. */
function octetsOf({ value, isQuoted }: Parameter): Uint8Array {
  const text = isQuoted
    ? value.replace(/%(22|0[ad])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : value;
  return fromLatin1(text);
}

const EXTENDED = /^utf-8'[A-Za-z0-9-]*'((?:[!#$&+.^_`|~0-9A-Za-z-]|%[0-9A-Fa-f]{2})*)$/i;

/** Text of an extended value (RFC8187#3.2), which is always UTF-8. */
function decodeExtended(value: string): string | undefined {
  const coded = EXTENDED.exec(value)?.[1];
  if (coded === undefined) return undefined;
  const text = decodeUtf8(
    fromLatin1(coded.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))),
  );
  return typeof text === 'string' ? text : undefined;
}
