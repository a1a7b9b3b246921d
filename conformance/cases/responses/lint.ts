import type { FieldList, Response, ResponseMatch } from '../../model.ts';

/** A response, and the interim ones before it, without a fault that any recipient could see. */
export const clean: Required<Pick<ResponseMatch, 'where'>> = {
  where: { says: 'without a fault of form', complaint: (response) => [...response.interim, response].flatMap(lint)[0] },
};

/**
 * What is wrong with a response in itself, whatever was asked: each fault breaks a MUST for whoever sends it. Interim
 * responses before it are others.
 */
export function lint(response: Response): readonly string[] {
  return [
    ...response.problems,
    ...lintStatus(response),
    ...lintFraming(response),
    ...lintFields(response.fields),
    ...lintFields(response.trailers),
    ...lintUris(response.fields),
    ...lintConnection(response.fields),
    ...lintTrailers(response.trailers),
    ...lintCompanions(response),
  ];
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"';
const COMMENT = "\\((?:[\\t !-'*-\\[\\]-~\\x80-\\xff()]|\\\\[\\t -~\\x80-\\xff])*\\)";
const PRODUCT = `${TOKEN}(?:/${TOKEN})?`;
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';

/** IMF-fixdate, the one form of a date that may be sent (RFC9110#5.6.7). */
export const IMF_FIXDATE = new RegExp(`^${DAY}, [0-9]{2} ${MONTH} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$`);

const TOKENS = new RegExp(`^(?:${TOKEN}(?:[ \\t]*,[ \\t]*${TOKEN})*)?$`);

/** Fields of one value, with its grammar; they stand once (RFC9110#5.3). */
const SINGLE: Readonly<Record<string, { readonly rfc: string; readonly form: RegExp }>> = {
  'content-length': { rfc: 'RFC9110#8.6', form: /^[0-9]+$/ },
  'content-type': {
    rfc: 'RFC9110#8.3.1',
    form: new RegExp(`^${TOKEN}/${TOKEN}(?:[ \\t]*;(?:[ \\t]*${TOKEN}=(?:${TOKEN}|${QUOTED}))?)*$`),
  },
  date: { rfc: 'RFC9110#5.6.7', form: IMF_FIXDATE },
  etag: { rfc: 'RFC9110#8.8.3', form: /^(?:W\/)?"[!#-~\x80-\xff]*"$/ },
  'last-modified': { rfc: 'RFC9110#5.6.7', form: IMF_FIXDATE },
  location: { rfc: 'RFC9110#10.2.2', form: /^[!-~]*$/ },
  'retry-after': { rfc: 'RFC9110#10.2.3', form: new RegExp(`^[0-9]+$|${IMF_FIXDATE.source}`) },
  server: { rfc: 'RFC9110#10.2.4', form: new RegExp(`^${PRODUCT}(?:[ \\t]+(?:${PRODUCT}|${COMMENT}))*$`) },
};

/** Lists of tokens without empty members (RFC9110#5.6.1.1). */
const LISTS = ['accept-ranges', 'allow', 'connection', 'content-encoding', 'trailer', 'vary'];

/** Fields that are meant for whoever gets the content, and no connection option (RFC9110#7.6.1). */
const FOR_ALL = ['cache-control', 'content-encoding', 'content-length', 'content-type', 'date', 'etag', 'set-cookie'];

/** Fields that have to be known in front of the content (RFC9110#6.5.1). */
const NOT_IN_TRAILERS = [
  ...['content-encoding', 'content-length', 'content-range', 'content-type', 'transfer-encoding', 'trailer'],
  ...['cache-control', 'connection', 'location', 'set-cookie', 'vary', 'www-authenticate'],
];

/** Statuses that mean nothing without a field (RFC9110#15). */
const COMPANIONS: Readonly<Record<number, string>> = {
  401: 'www-authenticate',
  407: 'proxy-authenticate',
  426: 'upgrade',
};

function* lintStatus({ status, reason }: Response): Iterable<string> {
  if (status < 100 || status > 599) yield `status ${status} is of no class (RFC9110#15)`;
  if (/[^\t -~\x80-\xff]/.test(reason)) yield 'the reason phrase has a control character (RFC9112#4)';
}

function* lintFraming({ status, fields, content }: Response): Iterable<string> {
  const codings = values(fields, 'transfer-encoding').join(',');
  const hasLength = values(fields, 'content-length').length > 0;
  if (codings !== '' && hasLength) yield 'Content-Length beside Transfer-Encoding (RFC9112#6.2)';
  if ((codings.match(/chunked/gi) ?? []).length > 1) yield 'chunked is applied twice (RFC9112#6.1)';
  if (status < 200 || status === 204) {
    if (hasLength) yield `Content-Length in a ${status} (RFC9110#8.6)`;
    if (codings !== '') yield `Transfer-Encoding in a ${status} (RFC9112#6.1)`;
  }
  if (status === 205 && content.length > 0) yield 'content in a 205 (RFC9110#15.3.6)';
}

function* lintFields(fields: FieldList): Iterable<string> {
  for (const [name, value] of fields) {
    if (/[^\t -~\x80-\xff]/.test(value)) yield `${name} has a control character (RFC9110#5.5)`;
  }
  for (const [name, { rfc, form }] of Object.entries(SINGLE)) {
    const found = values(fields, name);
    if (found.length > 1) yield `${name} stands ${found.length} times (RFC9110#5.3)`;
    for (const value of found) if (!form.test(value)) yield `${name} is "${value}" (${rfc})`;
  }
  for (const name of LISTS) {
    for (const value of values(fields, name)) if (!TOKENS.test(value)) yield `${name} is "${value}" (RFC9110#5.6.1.1)`;
  }
  for (const value of values(fields, 'cache-control')) {
    if (/\b(?:s-maxage|max-age)="/i.test(value)) yield `cache-control is "${value}" (RFC9111#5.2.2.1)`;
  }
  const [date] = values(fields, 'date');
  const [modified] = values(fields, 'last-modified');
  if (date !== undefined && modified !== undefined && Date.parse(modified) > Date.parse(date)) {
    yield 'last-modified is later than date (RFC9110#8.8.2.1)';
  }
}

function* lintUris(fields: FieldList): Iterable<string> {
  for (const name of ['location', 'content-location']) {
    for (const value of values(fields, name)) {
      if (/^https?:\/\/(?:[:/?#]|$)/i.test(value)) yield `${name} has no host (RFC9110#4.2.1)`;
      if (/^https?:\/\/[^/?#]*@/i.test(value)) yield `${name} has userinfo (RFC9110#4.2.4)`;
    }
  }
}

function* lintConnection(fields: FieldList): Iterable<string> {
  const options = values(fields, 'connection').flatMap((value) => value.toLowerCase().split(/[ \t]*,[ \t]*/));
  for (const name of ['keep-alive', 'upgrade']) {
    if (values(fields, name).length > 0 && !options.includes(name)) {
      yield `${name} is not listed in Connection (RFC9110#7.6.1)`;
    }
  }
  const wrong = options.find((option) => FOR_ALL.includes(option));
  if (wrong !== undefined) yield `Connection lists ${wrong}, which is for all recipients (RFC9110#7.6.1)`;
}

function* lintTrailers(trailers: FieldList): Iterable<string> {
  for (const [name] of trailers) {
    if (NOT_IN_TRAILERS.includes(name.toLowerCase())) yield `${name} is sent as a trailer (RFC9110#6.5.1)`;
  }
}

function* lintCompanions({ status, fields }: Response): Iterable<string> {
  const companion = COMPANIONS[status];
  if (companion !== undefined && values(fields, companion).length === 0) yield `${status} without ${companion}`;
}

function values(fields: FieldList, name: string): readonly string[] {
  return fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value);
}
