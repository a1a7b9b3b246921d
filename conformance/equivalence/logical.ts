/** A request apart from how it is written, and what of a target's account of it may depend on that. */
import type { FieldList } from '../model.ts';
import type { Inspection } from '../run/inspection.ts';

/** A request that every version can say. Names are lower case, text is latin1. */
export interface Logical {
  /** As in `of the GET with a query`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Without those that frame content or name the host. */
  readonly fields: FieldList;
  readonly content: string;
}

const EVERY_OCTET = String.fromCharCode(...Array.from({ length: 256 }, (_, index) => index));

/** The requests that each spelling is tried with; the nonce tells an answer from one that was kept. */
export function logicals(nonce: string): readonly Logical[] {
  const ours = ['x-nonce', nonce] as const;
  return [
    {
      name: 'GET with a query',
      method: 'GET',
      path: "/inspect?a=b%20c&d=/?:@!$'()*+,;~",
      fields: [ours, ['accept', 'text/html;q=0.5, */*'], ['x-empty', '']],
      content: '',
    },
    {
      name: 'POST with lists',
      method: 'POST',
      path: '/inspect?of=lists',
      fields: [
        ours,
        ['x-list', 'a, "b, c"'],
        ['content-type', 'text/plain'],
        ['x-list', 'd'],
        ['cookie', 'a=1; b=2; c=3'],
      ],
      content: `${nonce}\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    },
    {
      name: 'POST of every octet',
      method: 'POST',
      path: '/inspect?',
      fields: [ours, ['x-long', 'long '.repeat(30).trim()]],
      content: EVERY_OCTET,
    },
  ];
}

/** Fields that are about a connection or its framing, or that one version spells in another way. */
const VERSIONED = [
  ...['connection', 'content-length', 'expect', 'host', 'http2-settings', 'keep-alive', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade'],
];

/** What two accounts of one request do not agree on. */
export interface Difference {
  /** `method`, `fields: x-list` and so on. */
  readonly part: string;
  /** undefined: it is not there. */
  readonly plain: string | undefined;
  readonly spelled: string | undefined;
}

/** The first difference between the accounts of two spellings; trailers may be discarded (RFC9112#7.1.2), but not changed. */
export function differenceOf(plain: Inspection, spelled: Inspection, trailers: FieldList): Difference | undefined {
  for (const part of ['method', 'target', 'authority', 'content'] as const) {
    const [was, is] = [partOf(plain, part), partOf(spelled, part)];
    if (was !== is) return { part, plain: was, spelled: is };
  }
  const [was, is] = [fieldsOf(plain.fields), fieldsOf(spelled.fields)];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    if (was.get(name) === is.get(name)) continue;
    return { part: `fields: ${name}`, plain: was.get(name), spelled: is.get(name) };
  }
  const [sent, kept] = [fieldsOf(trailers), fieldsOf(spelled.trailers)];
  for (const [name, value] of kept) {
    if (sent.get(name) !== value) return { part: `trailers: ${name}`, plain: sent.get(name), spelled: value };
  }
  return undefined;
}

function partOf({ method, target, authority, fields, content }: Inspection, part: string): string | undefined {
  if (part === 'method') return method;
  if (part === 'content') return content;
  // RFC9112#3.2.2: an absolute-form target names the same resource
  if (part === 'target') return target.replace(/^https?:\/\/[^/?#]*/i, '');
  const host = fields.find(([name]) => name.toLowerCase() === 'host')?.[1];
  return (authority ?? host)?.toLowerCase();
}

/** Values by name: lines of one name are one list (RFC9110#5.2), crumbs of Cookie one value (RFC9113#8.2.3). */
function fieldsOf(fields: FieldList): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [given, value] of fields) {
    const name = given.toLowerCase();
    if (VERSIONED.includes(name) || name.startsWith(':')) continue;
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return joined;
}
