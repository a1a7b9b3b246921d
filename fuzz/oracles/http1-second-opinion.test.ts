import t from 'tap';
import * as core from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import { assertAgreesWithLlhttp } from './http1-second-opinion.ts';
import { readByLlhttp } from './llhttp.ts';

const HEAD = 'POST /a?b HTTP/1.1\r\nHost: a\r\n';
const LENGTH = `${HEAD}Content-Length: 5\r\n\r\nhello`;
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`;
const MANY = Array.from({ length: 100 }, (_, index) => `X-${index}: ${index}\r\n`).join('');

t.test('readByLlhttp() tells messages whole, however many field lines they have', async (t) => {
  const { messages, refusal, isCut } = readByLlhttp(octetsOf(`${LENGTH}${CHUNKED}GET /c HTTP/1.0\r\n${MANY}\r\n`));
  t.equal(refusal, undefined);
  t.notOk(isCut);
  t.match(messages, [
    {
      method: 'POST',
      target: '/a?b',
      version: '1.1',
      content: 'hello',
      trailers: [],
      isWhole: true,
      isPersistent: true,
    },
    { content: 'hello', trailers: [['X-Sum', '1']] },
    { method: 'GET', target: '/c', version: '1.0', isPersistent: false, isWhole: true },
  ]);
  t.equal(messages[2]?.fields.length, 100);
  t.same(messages[2]?.fields[99], ['X-99', '99']);
});

t.test('readByLlhttp() says where it stops, and begins anew each time', async (t) => {
  const { messages, taken, refusal } = readByLlhttp(octetsOf('GET / HTTP/1.1\r\nHost : a\r\n\r\n'));
  t.same(messages, []);
  t.equal(refusal?.code, 'HPE_INVALID_HEADER_TOKEN');
  t.ok(taken === 20 || taken === 21, 'at the space, or behind it');
  t.match(readByLlhttp(octetsOf(LENGTH.slice(0, -1))), {
    messages: [{ isWhole: false, content: 'hell' }],
    isCut: true,
  });
  t.match(readByLlhttp(octetsOf('')), { messages: [], isCut: false });
});

t.test('both read the same, and differ only where it is explained', async (t) => {
  const inputs = [
    LENGTH + CHUNKED + LENGTH,
    CHUNKED.slice(0, -4),
    'BREW / HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET / HTTP/1.7\r\nHost: a\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n5 ; x = y\r\nhello\r\n0\r\n\r\n`,
    `${HEAD}Content-Length: 5\t\r\n\r\nhello`,
    `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
  ];
  for (const input of inputs) t.doesNotThrow(() => assertAgreesWithLlhttp(octetsOf(input)), JSON.stringify(input));
});

/** A parser that is broken in one way: it reads other octets than it is given, or tells other events. */
function broken(change: { from: string; to: string } | ((event: core.Http1Event) => core.Http1Event | undefined)) {
  return class extends core.Http1RequestParser {
    override receive(bytes: Uint8Array): core.Http1Event[] {
      if (typeof change === 'object') {
        return super.receive(octetsOf(core.latin1(bytes).replace(change.from, change.to)));
      }
      return super.receive(bytes).flatMap((event) => change(event) ?? []);
    }
  };
}

t.test('what a broken parser reads otherwise is told', async (t) => {
  const rows: [name: string, state: string, input: string, parser: ReturnType<typeof broken>][] = [
    ['a method', 'method', LENGTH, broken({ from: 'POST', to: 'PUT' })],
    ['a target', 'target', LENGTH, broken({ from: '/a?b', to: '/a' })],
    ['a version', 'version', LENGTH, broken({ from: 'HTTP/1.1', to: 'HTTP/1.0' })],
    ['a field value', 'fields', LENGTH, broken({ from: 'Host: a', to: 'Host: b' })],
    ['a field too many', 'fields', LENGTH, broken({ from: '\r\n\r\n', to: '\r\nX: y\r\n\r\n' })],
    ['content', 'content', LENGTH, broken({ from: 'hello', to: 'HELLO' })],
    ['a trailer', 'trailers', CHUNKED, broken({ from: 'X-Sum: 1', to: 'X-Sum: 2' })],
    ['persistence', 'persistence', `${HEAD}Connection: close\r\n\r\n`, broken({ from: ': close', to: ': clo, se' })],
    [
      'a bare LF that is taken',
      'HPE_INVALID_VERSION',
      'GET / HTTP/1.1\nHost: a\r\n\r\n',
      broken({ from: '1\n', to: '1\r\n' }),
    ],
    ['a prefixed chunk-size', 'HPE_INVALID_CHUNK_SIZE', CHUNKED.replace('5;', '0x5;'), broken({ from: '0x', to: '' })],
    ['a colon that is refused', 'H1_FIELD_NAME_SPACE', LENGTH, broken({ from: 'Host:', to: 'Host :' })],
    ['an end that is not told', 'end', CHUNKED, broken((event) => (event.kind === 'end' ? undefined : event))],
  ];
  for (const [name, state, input, Http1RequestParser] of rows) {
    const mocked: { readonly assertAgreesWithLlhttp: typeof assertAgreesWithLlhttp } = await t.mockImport(
      './http1-second-opinion.ts',
      { '../../core/sans-io.ts': { ...core, Http1RequestParser } },
    );
    t.match(
      thrownBy(() => mocked.assertAgreesWithLlhttp(octetsOf(input))),
      { oracle: 'llhttp', state },
      name,
    );
  }
});

/** What a call throws; `undefined` when it does not. */
function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}
