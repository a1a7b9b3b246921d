/**
 * The core's reading of a connection beside that of llhttp, Node's own parser: as many requests, with the same method, target,
 * version, persistence, fields, content and trailers, and a first refusal at the same place, but for what is known and explained.
 */
import { METHODS } from 'node:http';
import {
  type FieldLines,
  type Http1RequestHead,
  Http1RequestParser,
  http1Limits,
  latin1,
  type ProtocolErrorCode,
} from '../../core/sans-io.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { type LlhttpMessage, type LlhttpReading, readByLlhttp } from './llhttp.ts';
import { OracleError, quoted } from './oracle-error.ts';

/** As wide as they go: llhttp bounds nothing but the octets of a head. */
const LIMITS = http1Limits({
  emptyLines: 64,
  methodBytes: 256,
  fieldCount: 10_000,
  contentBytes: Number.MAX_SAFE_INTEGER,
  chunkSizeDigits: 64,
  chunkExtensionBytes: 1_048_576,
  trailerBytes: 1_048_576,
  trailerCount: 1_000,
});

/** Codes of refusals that llhttp does not share, and why the core may refuse. */
const ONLY_OURS: Partial<Readonly<Record<ProtocolErrorCode, string>>> = {
  H1_EMPTY_LINE_CR: 'RFC9112#2.2: a CR that no LF ends is no line end; llhttp skips any CR and LF before a request',
  H1_METHOD_OCTET: 'likewise, of a bare LF',
  H1_TARGET_EMPTY: 'RFC9112#3: one SP; llhttp takes several, and those that begin a line',
  H1_VERSION_OCTET: 'likewise, of those before the version',
  H1_TARGET_OCTET: 'RFC9112#3.2: of the characters that no URI has, llhttp refuses some',
  H1_TARGET_FORM: 'llhttp looks at the first characters of a target alone, whatever the method',
  H1_TARGET_ASTERISK: 'likewise',
  H1_TARGET_CONNECT: 'likewise',
  H1_TARGET_AUTHORITY: 'likewise',
  H1_TARGET_NO_HOST: 'likewise',
  H1_TARGET_USERINFO: 'RFC9110#4.2.4',
  H1_TARGET_PERCENT: 'RFC3986#2.1: llhttp leaves escapes to others',
  H1_VERSION_MISSING: 'HTTP/0.9, which llhttp speaks',
  H1_VERSION_MAJOR: 'RFC9110#15.6.6: llhttp takes 0.9 and 2.0 for versions of this syntax',
  H1_HOST_MISSING: 'RFC9112#3.2 MUST: Host is for the server above llhttp',
  H1_HOST_DUPLICATE: 'likewise',
  H1_HOST_EMPTY: 'likewise',
  H1_HOST_OCTET: 'likewise',
  H1_LENGTH_OVERFLOW: 'a number of 64 bits to llhttp, of 53 here',
  H1_CHUNK_SIZE_OVERFLOW: 'likewise; llhttp lets leading zeros pass',
  H1_CONTENT_BYTES: 'likewise, where chunks add up to more',
  H1_CODING_EMPTY: 'RFC9110#5.6.1: a Transfer-Encoding of no coding is none to llhttp',
  H1_CODING_AND_LENGTH: 'likewise, beside Content-Length',
  H1_CODING_SYNTAX: 'llhttp asks for chunked at the end and for nothing else',
  H1_CODING_PARAMETER: 'likewise',
  H1_CODING_UNKNOWN: 'likewise; RFC9112#6.1 has a server say that it knows no such coding',
  H1_CODING_NOT_FINAL: 'with an Upgrade, llhttp does not look for the end of content',
  H1_CODING_TWICE: 'RFC9112#6.1: where a TAB (see there) hides the first of them from llhttp',
  H1_CODING_VERSION: 'RFC9112#6.1: faulty framing in HTTP/1.0; llhttp decodes it',
  H1_CHUNK_EXT_NAME: 'RFC9112#7.1.1: a name is a token; llhttp takes an empty one',
  H1_CHUNK_EXT_VALUE: 'likewise, of a value',
  H1_TRAILER_FORBIDDEN: 'RFC9110#6.5.1: llhttp does not know what a trailer may be',
};

/** What a refusal of llhttp has to do with for the core not to share it. */
interface Excuse {
  readonly why: string;
  /** @param line the one that it was found in */
  isMeant(head: Http1RequestHead, line: string, input: string): boolean;
}

/** RFC9110#5.5 MUST: white space around a value is no part of it; to llhttp HTAB is, in the values that it reads itself. */
const TAB = /^(?:content-length|transfer-encoding|connection):[^\n]*\t\r?$/im;

const BAD_WHITE_SPACE: Excuse = {
  why: 'RFC9112#7.1.1 MUST: BWS in chunk extensions is removed; llhttp refuses it',
  isMeant: (_head, line) => /[ \t](?:[;=]|$)|[;=][ \t]/.test(line),
};

/** Refusals of llhttp that the core does not share. */
const ONLY_THEIRS: Readonly<Record<string, Excuse>> = {
  HPE_INVALID_METHOD: {
    why: 'RFC9110#9.1: methods are an open set; llhttp knows those that it was built with',
    isMeant: ({ method }) => !METHODS.includes(method),
  },
  HPE_INVALID_VERSION: {
    why: 'RFC9110#2.5: a higher minor version is read as the highest that is known; llhttp has a list',
    isMeant: ({ minor }) => minor > 1,
  },
  HPE_INVALID_URL: {
    why: 'RFC3986#3.1: a scheme has digits, "+", "-" and "." too; llhttp takes letters alone',
    isMeant: ({ scheme = '' }) => /[^a-z]/.test(scheme),
  },
  HPE_INVALID_TRANSFER_ENCODING: {
    why: 'RFC9110#5.6.1.2 MUST: empty elements of a list are let pass, behind chunked too; and see TAB',
    isMeant: ({ fields }, _line, input) =>
      /(?:^|,)[ \t]*(?:,|$)/.test(fields.get('transfer-encoding') ?? '') || TAB.test(input),
  },
  HPE_INVALID_CONTENT_LENGTH: { why: 'see TAB', isMeant: (_head, _line, input) => TAB.test(input) },
  HPE_STRICT: BAD_WHITE_SPACE,
  HPE_INVALID_CHUNK_SIZE: BAD_WHITE_SPACE,
};

/** What the core judges when it has the whole head or trailer section, and llhttp octet by octet. */
const JUDGED_LATE = new Set([
  'HPE_INVALID_METHOD',
  'HPE_INVALID_VERSION',
  'HPE_INVALID_URL',
  'HPE_INVALID_CONTENT_LENGTH',
  'HPE_UNEXPECTED_CONTENT_LENGTH',
  'HPE_INVALID_TRANSFER_ENCODING',
]);

interface Message {
  readonly head: Http1RequestHead;
  readonly offset: number;
  content: string;
  /** Undefined until the message is whole. */
  trailers: FieldLines | undefined;
}

/** What comes behind the last that was told. */
type End =
  | { readonly kind: 'refusal'; readonly code: string; readonly reason: string; readonly offset: number }
  /** The octets end inside of a message, or between two. */
  | { readonly kind: 'cut' | 'over' }
  /** Nothing: it is the other one that stops here. */
  | { readonly kind: 'told' };

interface Reading {
  readonly messages: readonly Message[];
  readonly end: End;
}

const TOLD: End = { kind: 'told' };

/** Demands one reading of both, up to where it may differ by design. */
export function assertAgreesWithLlhttp(octets: Uint8Array): void {
  const ours = readOurs(octets);
  const theirs = readByLlhttp(octets);
  for (let index = 0; ; index++) {
    const own = ours.messages[index];
    const other = theirs.messages[index];
    if (own !== undefined && other !== undefined) {
      assertSameHead(own, other, octets);
      // RFC9110#7.8 MAY: the core ignores Upgrade and reads on; to llhttp what follows is HTTP no more
      if (other.isUpgrade) return;
      if (own.trailers !== undefined && other.isWhole) {
        assertSameContent(own, own.trailers, other);
        // What follows the last message is for the connection to judge, not for its parser
        if (!own.head.isPersistent || !other.isPersistent) return;
        continue;
      }
    }
    const ownEnd = own?.trailers === undefined ? ours.end : TOLD;
    const otherEnd = other?.isWhole === true ? TOLD : endOf(theirs);
    return assertSameEnd(octets, ownEnd, otherEnd, own?.head, other !== undefined);
  }
}

/** Where one of them has no further whole message; `head` and `isTold` say whether the one and the other told its head. */
function assertSameEnd(
  octets: Uint8Array,
  own: End,
  other: End,
  head: Http1RequestHead | undefined,
  isTold: boolean,
): void {
  if (own.kind === 'refusal') {
    if (other.kind === 'refusal' && isSamePlace(octets, own, other, head, isTold)) return;
    if (other.kind !== 'refusal' || own.offset < other.offset) {
      if (own.code in ONLY_OURS) return;
      differ(own.code, `llhttp goes on after ${own.code}`, own.offset);
    }
  }
  if (other.kind === 'refusal') {
    if (own.kind === 'cut' && JUDGED_LATE.has(other.code)) return;
    const excuse = head === undefined ? undefined : ONLY_THEIRS[other.code];
    if (head !== undefined && excuse?.isMeant(head, lineAt(octets, other.offset), latin1(octets)) === true) return;
    differ(other.code, `llhttp refuses what is taken: ${other.code} ${quoted(other.reason)}`, other.offset);
  }
  if (own.kind !== other.kind) {
    differ('end', `the octets are ${other.kind} to llhttp and ${own.kind} to the core`, octets.length);
  }
}

type Refusal = End & { readonly kind: 'refusal' };

/** In the same head or trailer section, where the order of checks is each one's own; elsewhere at one octet or in one line. */
function isSamePlace(
  octets: Uint8Array,
  own: Refusal,
  other: Refusal,
  head: Http1RequestHead | undefined,
  isTold: boolean,
): boolean {
  const isFraming = JUDGED_LATE.has(other.code);
  // llhttp tells a head before it refuses its Transfer-Encoding
  if (head === undefined) return !isTold || isFraming;
  if (isFraming && own.code.startsWith('H1_TRAILER_')) return true;
  return Math.abs(own.offset - other.offset) <= 2 || lineAt(octets, own.offset) === lineAt(octets, other.offset);
}

function assertSameHead({ head, offset }: Message, other: LlhttpMessage, octets: Uint8Array): void {
  assertSame('method', head.method, other.method, offset);
  assertSame('target', head.rawTarget, other.target, offset);
  assertSame('version', `1.${head.minor}`, other.version, offset);
  if (!isPersistenceOpen(head, octets)) assertSame('persistence', head.isPersistent, other.isPersistent, offset);
  assertSameFields('fields', head.fields, other.fields, offset);
}

/** Where llhttp has an opinion of its own: of Proxy-Connection, which no standard knows, of `close` in HTTP/1.0, and see TAB. */
function isPersistenceOpen({ fields, minor }: Http1RequestHead, octets: Uint8Array): boolean {
  const connection = fields.get('connection') ?? '';
  if (fields.has('proxy-connection') || (minor === 0 && /close/i.test(connection))) return true;
  return connection !== '' && TAB.test(latin1(octets));
}

function assertSameContent({ content, offset }: Message, trailers: FieldLines, other: LlhttpMessage): void {
  assertSame('content', content, other.content, offset);
  assertSameFields('trailers', trailers, other.trailers, offset);
}

function assertSameFields(state: string, fields: FieldLines, others: readonly Field[], offset: number): void {
  assertSame(state, fields.length, others.length, offset);
  for (const [index, [name, value]] of others.entries()) {
    assertSame(state, fields.nameAt(index), name, offset);
    assertSame(state, fields.valueAt(index), value, offset);
  }
}

function assertSame<T extends string | number | boolean>(state: string, own: T, other: T, offset: number): void {
  if (own !== other) differ(state, `llhttp reads ${quoted(String(other))} for ${quoted(String(own))}`, offset);
}

function readOurs(octets: Uint8Array): Reading {
  const parser = new Http1RequestParser({ limits: LIMITS });
  const messages: Message[] = [];
  let end: End = { kind: 'over' };
  for (const event of [...parser.receive(octets), ...parser.end()]) {
    const last = messages.at(-1);
    if (event.kind === 'request') {
      messages.push({ head: event.head, offset: event.offset, content: '', trailers: undefined });
    } else if (event.kind === 'error') {
      const { code, message, offset } = event.error;
      const isCut = code === 'H1_HEAD_CUT' || code === 'H1_CONTENT_CUT';
      end = isCut ? { kind: 'cut' } : { kind: 'refusal', code, reason: message, offset };
    } else if (last !== undefined && event.kind === 'content') {
      last.content += latin1(event.bytes);
    } else if (last !== undefined && event.kind === 'end') {
      last.trailers = event.trailers;
    }
  }
  return { messages, end };
}

function endOf({ refusal, isCut, taken }: LlhttpReading): End {
  if (refusal !== undefined) return { kind: 'refusal', ...refusal, offset: taken };
  return { kind: isCut ? 'cut' : 'over' };
}

/** The line that an octet stands in, with its offset, so that equal lines at two places are two. */
function lineAt(octets: Uint8Array, offset: number): string {
  const from = offset === 0 ? 0 : octets.lastIndexOf(0x0a, offset - 1) + 1;
  const end = octets.indexOf(0x0a, offset);
  return `${from} ${latin1(octets, from, end === -1 ? octets.length : end)}`;
}

function differ(state: string, message: string, offset: number): never {
  throw new OracleError('llhttp', message, { state, offset });
}
