import t from 'tap';
import type { Inspection } from '../run/inspection.ts';
import { differenceOf, logicals } from './logical.ts';

const TOLD: Inspection = {
  method: 'POST',
  target: '/inspect?a',
  protocol: 'HTTP/1.1',
  fields: [
    ['Host', 'localhost:80'],
    ['X-List', 'a'],
    ['Cookie', 'a=1; b=2'],
    ['X-List', 'b'],
  ],
  content: 'hello',
  trailers: [],
};

t.test('two accounts of one request are the same, however a version spells it', async (t) => {
  const rows: readonly (readonly [what: string, change: Partial<Inspection>])[] = [
    ['absolute-form', { target: 'HTTP://localhost:80/inspect?a' }],
    ['the protocol', { protocol: 'HTTP/2.0' }],
    [
      'one line, other cases, another order',
      { fields: list('cookie: a=1; b=2', 'x-list: a, b', 'HOST: LOCALHOST:80') },
    ],
    ['crumbs', { fields: list('cookie: a=1', 'x-list: a', 'x-list: b', 'cookie: b=2', 'host: localhost:80') }],
    ['framing', { fields: [...TOLD.fields, ['Content-Length', '5'], ['Connection', 'close']] }],
    ['an authority that is told', { authority: 'localhost:80' }],
    ['a trailer as it was sent', { trailers: [['X-Late', 'yes']] }],
  ];
  for (const [what, change] of rows) {
    t.equal(differenceOf(TOLD, { ...TOLD, ...change }, [['x-late', 'yes']]), undefined, what);
  }
});

t.test('what was understood otherwise is named, with both values', async (t) => {
  const rows: readonly (readonly [part: string, change: Partial<Inspection>, spelled: string | undefined])[] = [
    ['method', { method: 'GET' }, 'GET'],
    ['target', { target: '/inspect' }, '/inspect'],
    ['authority', { fields: list('host: other', 'x-list: a, b', 'cookie: a=1; b=2') }, 'other'],
    ['content', { content: 'hell' }, 'hell'],
    ['fields: x-list', { fields: list('host: localhost:80', 'x-list: b, a', 'cookie: a=1; b=2') }, 'b, a'],
    ['fields: cookie', { fields: list('host: localhost:80', 'x-list: a, b') }, undefined],
    ['fields: x-late', { fields: [...TOLD.fields, ['x-late', 'yes']] }, 'yes'],
    ['trailers: x-late', { trailers: [['x-late', 'no']] }, 'no'],
  ];
  for (const [part, change, spelled] of rows) {
    t.match(differenceOf(TOLD, { ...TOLD, ...change }, [['x-late', 'yes']]), { part, spelled }, part);
  }
  t.equal(new Set(logicals('nonce00').map(({ name }) => name)).size, 3);
});

function list(...lines: readonly string[]): Inspection['fields'] {
  return lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
}
