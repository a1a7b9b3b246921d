/**
 * The file that a target has, as cases on ranges and preconditions use it: a plain GET learns its content and validators, the
 * requests that the case is about follow on the same connection, and their answers are compared with what was learnt.
 */
import { answer, get, pass, plays, response, status, warn } from '../define.ts';
import type { Case, Control, FieldList, Observation, Outcome, Response, ResponseMatch } from '../model.ts';
import { message } from '../octets.ts';
import { fieldValues } from '../wire/response-reader.ts';
import { onlyOne } from './connection/matches.ts';

/** What a plain GET has told of `/file.bin`. */
export interface Known {
  readonly content: Buffer;
  readonly fields: FieldList;
  /** Value of ETag; empty where there is none. */
  readonly etag: string;
  /** Value of Last-Modified; empty where there is none. */
  readonly lastModified: string;
}

/** One request behind the GET: the start line, its fields, and content. */
export interface Ask {
  /** @defaultValue GET */
  readonly method?: string;
  /** @defaultValue /file.bin */
  readonly path?: string;
  /** @defaultValue 1.1 */
  readonly version?: string;
  readonly fields: (known: Known) => readonly string[];
  readonly content?: string;
}

/** Octets of the canned file: no two places look alike. */
const CONTENT = Array.from({ length: 100 }, (_, index) => `${100 + index},`).join('');
const VALIDATORS = ['ETag: "v1"', 'Last-Modified: Sat, 29 Oct 1994 19:43:31 GMT', 'Vary: Accept'];
const TYPE = 'Content-Type: application/octet-stream';
export const CANNED_FIELDS = [...VALIDATORS, TYPE];

/** The file of the canned servers. */
export const CANNED: Known = knownOf({
  content: Buffer.from(CONTENT, 'latin1'),
  fields: CANNED_FIELDS.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')),
    line.slice(line.indexOf(':') + 2),
  ]),
});

/** What was learnt on the connection of a response. */
const learnt = new WeakMap<Response, Known>();

/** A GET that learns, and one request for each of `asks`, all of these at once. */
export function asks(...all: readonly Ask[]): Pick<Case, 'methods' | 'send' | 'run'> {
  const text = (known: Known) => all.map((one) => textOf(one, known)).join('');
  return {
    methods: ['GET', ...all.map(({ method = 'GET' }) => method)],
    send: [get('/file.bin'), response, text(CANNED)],
    run: async (dialogue): Promise<Observation> => {
      await dialogue.send(get('/file.bin'));
      const first = await dialogue.response();
      if (first?.complete !== true || first.status !== 200) return dialogue.finish();
      const known = knownOf(first);
      await dialogue.send(text(known));
      const seen = await dialogue.finish();
      for (const one of seen.responses) learnt.set(one, known);
      return seen;
    },
  };
}

/** What a response says about the file. */
export function knownOf({ content, fields }: Pick<Response, 'content' | 'fields'>): Known {
  const value = (name: string) => fieldValues(fields, name)[0] ?? '';
  return { content, fields, etag: value('etag'), lastModified: value('last-modified') };
}

/** A response that is compared with what was learnt; `complaint` says what is wrong with it. */
export function compared(
  codes: readonly number[],
  says: string,
  complaint: (response: Response, known: Known) => string | undefined,
): ResponseMatch {
  return {
    status: codes,
    where: {
      says,
      complaint: (response) => {
        const known = learnt.get(response);
        return known === undefined ? 'nothing is known of the file' : complaint(response, known);
      },
    },
  };
}

/** 200 with all of the file. */
export const whole: ResponseMatch = compared([200], 'with all of the file', wholeComplaint);

/** What keeps a response from being all of the file. */
export function wholeComplaint({ content }: Response, known: Known): string | undefined {
  if (content.equals(known.content)) return undefined;
  return `the content has ${content.length} octets and is not the file, which has ${known.content.length}`;
}

/** 304 without content. */
export const notModified: ResponseMatch = {
  status: [304],
  where: {
    says: 'without content',
    complaint: ({ content }) => (content.length === 0 ? undefined : 'a 304 has content'),
  },
};

/** 412. */
export const failed: ResponseMatch = status(412);

/** Right, behind the GET. */
export function then(...matches: readonly ResponseMatch[]): Outcome {
  return pass([status(200), ...matches]);
}

/** Allowed, behind the GET. */
export function thenWarn(match: ResponseMatch, note: string): Outcome {
  return warn([status(200), match], 'any', note);
}

/** What is allowed, and a target that closes behind the GET so that there is nothing to compare. */
export function allowing(...outcomes: readonly Outcome[]): Pick<Case, 'allow'> {
  return { allow: [...outcomes, ...onlyOne] };
}

/** Answers the GET, then the head of each further request with one of these texts. */
export function canned(...texts: readonly string[]): Control {
  const names = texts.map((text) => text.split('\r\n', 1)[0]).join(', ');
  return plays(`answers the GET and then says ${names}: ${checksum(texts.join(''))}`, async (peer) => {
    await peer.until('\r\n\r\n');
    peer.say(answer(200, CONTENT, CANNED_FIELDS));
    for (const text of texts) {
      await peer.until('\r\n\r\n');
      peer.say(text);
    }
    await peer.serveSentinel();
  });
}

/** 200 with the canned file. */
export const CANNED_WHOLE = answer(200, CONTENT, CANNED_FIELDS);
/** 304 of the canned file. */
export const CANNED_304 = message('HTTP/1.1 304 Control', VALIDATORS);
export const CANNED_412 = answer(412, 'no', []);
export const CANNED_404 = answer(404, 'no', []);

function textOf(
  { method = 'GET', path = '/file.bin', version = '1.1', fields, content = '' }: Ask,
  known: Known,
): string {
  return message(`${method} ${path} HTTP/${version}`, ['Host: {host}', ...fields(known)], content);
}

/** Tells canned servers apart that begin alike. */
function checksum(text: string): string {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return sum.toString(16);
}
