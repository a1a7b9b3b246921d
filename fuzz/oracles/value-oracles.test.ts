/** The oracles of fields and forms can fail: each broken reader, writer and record is told by its name. */
import t from 'tap';
import {
  Cookies,
  formatClearCookie,
  formatSetCookie,
  isFailure,
  parseCookies,
  parseMediaType,
  preferredType,
} from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { assertCookies, assertSetCookie } from './cookie-jar.ts';
import { assertForm, assertFormOrder, assertFormReading, type FormRecord, readForm } from './form-reading.ts';
import { assertAccept, assertLanguage, assertMediaType, assertMediaTypeSaid } from './media-types.ts';
import { assertStructured, readStructured, type StructuredReader } from './structured-grammar.ts';

t.test('structured fields: what a broken reader would say is told', async (t) => {
  const rows: [name: string, text: string, state: string, read: StructuredReader][] = [
    ['refuses what is one', 'a=1', 'refused', () => ({ failure: 'SF_END', at: 0 })],
    ['accepts what is none', 'a,', 'accepted', () => ({ said: '', written: '' })],
    [
      'another value',
      '12',
      'value',
      (kind, text) => {
        const read = readStructured(kind, text);
        return 'failure' in read ? read : { ...read, said: read.said.replace('12', '13') };
      },
    ],
    [
      'writes something else',
      '1.0',
      'round-trip',
      (kind, text) => {
        const read = readStructured(kind, text);
        return 'failure' in read ? read : { ...read, written: read.written.replace('1.0', '1') };
      },
    ],
    ['an unknown code', ',', 'code', () => ({ failure: 'NONE' as never, at: 0 })],
    ['a place behind the end', ',', 'offset', () => ({ failure: 'SF_KEY', at: 2 })],
  ];
  for (const [name, text, state, read] of rows) {
    t.doesNotThrow(() => assertStructured(text), `sound: ${text}`);
    t.throws(() => assertStructured(text, read), { name: 'OracleError', oracle: 'structured', state }, name);
  }
  for (const text of ['', ' ', '\t', 'a\t', '%"%ff"', '1'.repeat(500), '(a (b', 'a;b=c;b=d']) {
    t.doesNotThrow(() => assertStructured(text), JSON.stringify(text));
  }
});

t.test('cookies: a broken reader and a broken writer are told', async (t) => {
  t.throws(
    () => assertCookies('a="b; c"', () => new Cookies([['a', 'b; c']])),
    { name: 'OracleError', state: 'pairs' },
    'quotes that hold a semicolon',
  );
  t.throws(
    () => assertCookies('b', () => new Cookies([['', 'b']])),
    { name: 'OracleError', state: 'pairs' },
    'a pair without a name',
  );
  t.throws(
    () => assertCookies('a=1; a=2', (text) => Object.assign(parseCookies(text), { get: () => '2' })),
    { name: 'OracleError', state: 'lookup' },
    'the last of several',
  );
  t.throws(
    () => assertCookies('a', () => new Cookies([], [{ failure: 'COOKIE_PAIR', at: 1 }])),
    { name: 'OracleError', state: 'offset' },
    'a place behind the end',
  );
  const rows: [name: string, program: string, state: string, write: typeof formatSetCookie][] = [
    ['a value that splits', 'a\nb;HttpOnly', 'pair', (name, value) => `${name}=${value}; Path=/; SameSite=Lax`],
    ['a line end', 'a\nb', 'octets', () => 'a=b\r\n'],
    ['an attribute that is lost', 'a\nb\npath=/x', 'attribute', (name, value) => formatSetCookie(name, value)],
    ['an attribute too many', 'a\nb', 'attribute', (name, value) => `${formatSetCookie(name, value)}; Priority=High`],
    [
      'a prefix that is not kept',
      '__Host-a\nb\ndomain=c',
      'prefix',
      () => '__Host-a=b; Domain=c; Path=/; Secure; HttpOnly; SameSite=Lax',
    ],
    ['no Secure where it is needed', '__Secure-a\nb', 'prefix', () => '__Secure-a=b; Path=/; HttpOnly; SameSite=Lax'],
    ['an attribute twice', 'a\nb', 'dropped', () => 'a=b; Path=/; Path=/x'],
  ];
  for (const [name, program, state, write] of rows) {
    t.doesNotThrow(() => assertSetCookie(program), `sound: ${name}`);
    t.throws(() => assertSetCookie(program, write), { name: 'OracleError', oracle: 'cookies', state }, name);
  }
  const forgotten = { name: 'OracleError', oracle: 'cookies', state: 'forgotten' };
  const clears: [name: string, clear: typeof formatClearCookie][] = [
    ['another path', (name) => formatClearCookie(name)],
    ['a date to come', (name) => formatSetCookie(name, '', { path: '/x', expires: new Date(1e13) })],
    ['a value that stays', (name) => formatSetCookie(name, '1', { path: '/x', expires: new Date(0) })],
  ];
  for (const [name, clear] of clears)
    t.throws(() => assertSetCookie('a\nb\npath=/x', undefined, clear), forgotten, name);
  t.throws(() => assertSetCookie('a\nb\nword', () => 'a=b; Path=/; HttpOnly; SameSite=Lax'), {
    name: 'OracleError',
    state: 'odd',
  });
});

const HEAD = 'Content-Disposition: form-data; name="a"\r\n\r\n';
const FORM = `--b\r\n${HEAD}12\r\n--b\r\n${HEAD}\r\n--b--`;

t.test('forms: what a broken reader would tell is told', async (t) => {
  const octets = octetsOf(FORM);
  const sound = readForm([octets]);
  t.doesNotThrow(() => assertForm(octets));
  const [part, content, partEnd, ...rest] = sound;
  if (part === undefined || content === undefined || partEnd === undefined) throw new Error('no part was read');
  const order: [name: string, state: string, records: FormRecord[]][] = [
    ['no end', 'order', [part, content, partEnd]],
    ['a part in a part', 'order', [part, part]],
    ['content outside', 'order', [content]],
    ['what comes behind the end', 'order', [...sound, part]],
    ['offsets that run back', 'offset', [part, { ...content, offset: 0 }]],
    ['other content', 'octets', [part, { ...content, text: '13' }]],
    ['a path', 'filename', [{ ...part, filename: '../x' }, content, partEnd, ...rest]],
  ];
  for (const [name, state, records] of order) {
    t.throws(() => assertFormOrder(octets, records), { name: 'OracleError', oracle: 'form', state }, name);
  }
  const error: FormRecord = { kind: 'error', offset: 0, text: 'FORM_CUT' };
  const reading: [name: string, form: string, state: string, records: readonly FormRecord[]][] = [
    ['a plain form refused', FORM, 'refused', [error]],
    ['a form that is none', FORM.slice(0, -2), 'accepted', sound],
    ['a delimiter that is none', FORM.replace('--b--', '--bc'), 'accepted', sound],
    ['a part too few', FORM, 'parts', [part, content, partEnd]],
    ['shorter content', FORM, 'content', [part, { ...content, text: '1' }, partEnd, ...rest]],
    ['other fields', FORM, 'fields', [{ ...part, text: '["a",null,[]]' }, content, partEnd, ...rest]],
  ];
  for (const [name, form, state, records] of reading) {
    t.throws(() => assertFormReading(octetsOf(form), records), { name: 'OracleError', oracle: 'form', state }, name);
  }
});

t.test('media types: a broken reader and a broken choice are told', async (t) => {
  const rows: [name: string, text: string, state: string, parse: typeof parseMediaType][] = [
    ['refuses what is one', 'a/b', 'refused', () => ({ failure: 'MEDIA_TYPE', at: 0 })],
    ['accepts what is none', 'a', 'accepted', () => ({ type: 'a', subtype: '', parameters: new Map() })],
    ['a parameter that is lost', 'a/b;c=d', 'parts', () => ({ type: 'a', subtype: 'b', parameters: new Map() })],
    ['a place behind the end', 'a', 'offset', () => ({ failure: 'MEDIA_TYPE', at: 2 })],
    [
      'what does not read as it is written',
      'a/b; c="d;"',
      'round-trip',
      (text) => (text === 'a/b; c="d;"' ? parseMediaType(text) : { failure: 'MEDIA_TYPE', at: 0 }),
    ],
  ];
  for (const [name, text, state, parse] of rows) {
    t.doesNotThrow(() => assertMediaType(text), `sound: ${text}`);
    t.throws(() => assertMediaType(text, parse), { name: 'OracleError', oracle: 'media-types', state }, name);
  }
  t.equal(isFailure(parseMediaType('a/b')), false);
  t.doesNotThrow(() => assertMediaTypeSaid('text/html/a/b"c'));
  t.throws(
    () => assertMediaTypeSaid('text/html/a/b', () => ({ type: 'text', subtype: 'html', parameters: new Map() })),
    {
      name: 'OracleError',
      state: 'said',
    },
  );
  const field = 'text/*;q=0.3, text/html;q=0.1, application/json;q=0.2';
  t.doesNotThrow(() => assertAccept(field));
  t.throws(
    () => assertAccept(field, (_field, types) => types[0]),
    { name: 'OracleError', state: 'choice' },
    'the first',
  );
  t.throws(
    () => assertAccept(field, (value, types) => preferredType(value?.replace('0.1', '0.9'), types)),
    { name: 'OracleError', state: 'choice' },
    'a weight that is misread',
  );
  t.doesNotThrow(() => assertLanguage('de;q=0, *;q=0.5'));
});
