import { fieldValues } from '../../wire/response-reader.ts';
import { defineWsCases, echoServer, handshake, opens, refuses, refusing, rule, type WsCase } from '../../ws/define.ts';

const granted = (slug: string, title: string, rfc: WsCase['rfc'], fields: readonly string[]): WsCase => ({
  id: `ws/handshake/${slug}`,
  title,
  rfc,
  fields,
  allow: opens(),
  controls: { pass: [echoServer()], fail: [refusing(400), echoServer({ accept: 'bm90IHRoZSByaWdodCBvbmU=' })] },
});

/** A handshake that is not one of RFC6455#4.2.1; `plain` is where it is no handshake at all, so any answer to the request will do. */
const refused = (slug: string, title: string, rest: Partial<WsCase>, plain = false): WsCase => ({
  id: `ws/handshake/${slug}`,
  title,
  rfc: 'RFC6455#4.2.1',
  allow: refuses(plain ? { else: 'pass' } : {}),
  controls: { pass: [refusing(400), refusing(426), ...(plain ? [refusing(200)] : [])], fail: [echoServer()] },
  ...rest,
});

const key = (slug: string, words: string, value: string | undefined) =>
  refused(`key-${slug}`, `A key that is ${words} is refused`, { fields: handshake({ 'Sec-WebSocket-Key': value }) });

/** RFC6455#4.2: the opening handshake as a server reads and answers it. */
export default defineWsCases([
  {
    id: 'ws/handshake/accept',
    title: 'The handshake is granted with the accept value of its key',
    rfc: 'RFC6455#4.2.2',
    allow: opens(),
    controls: { pass: [echoServer()], fail: [echoServer({ accept: 'bm90IHRoZSByaWdodCBvbmU=' }), refusing(404)] },
  },
  granted('upgrade-case', 'Upgrade is compared without case', 'RFC6455#4.2.1', handshake({ Upgrade: 'WebSocket' })),
  granted(
    'connection-case',
    'Connection is compared without case',
    'RFC6455#4.2.1',
    handshake({ Connection: 'upgrade' }),
  ),
  granted(
    'connection-list',
    'Upgrade may be one option of many in Connection',
    'RFC6455#4.2.1',
    handshake({ Connection: 'keep-alive, Upgrade' }),
  ),
  granted('names-case', 'Field names are compared without case', 'RFC6455#4.1', [
    'UPGRADE: websocket',
    'connection: Upgrade',
    'SEC-WEBSOCKET-KEY: {key}',
    'sec-websocket-version: 13',
  ]),
  granted('unknown-field', 'An unknown field is ignored', 'RFC6455#4.2.1', [
    ...handshake({}),
    'Sec-WebSocket-Unknown: x',
  ]),
  {
    id: 'ws/handshake/unasked-protocol',
    title: 'No subprotocol is chosen that was not asked for',
    rfc: 'RFC6455#4.2.2',
    allow: opens(({ response }) => absent(response, 'sec-websocket-protocol')),
    controls: { pass: [echoServer()], fail: [echoServer({ fields: ['Sec-WebSocket-Protocol: chat'] })] },
  },
  {
    id: 'ws/handshake/foreign-protocol',
    title: 'A subprotocol that is chosen is one of those that were asked for',
    rfc: 'RFC6455#4.2.2',
    fields: [...handshake({}), 'Sec-WebSocket-Protocol: x-aeronet-none, x-aeronet-other'],
    allow: [
      ...opens(({ response }) => {
        const chosen = fieldValues(response?.fields ?? [], 'sec-websocket-protocol');
        const isAsked = chosen.length === 0 || ['x-aeronet-none', 'x-aeronet-other'].includes(chosen.join(', '));
        return isAsked ? undefined : `Sec-WebSocket-Protocol is ${chosen.join(', ')}`;
      }),
      rule('pass', 'a status of 4xx', ({ response }) => {
        const status = response?.status ?? 0;
        return status >= 400 && status < 500 ? undefined : `status ${status}`;
      }),
    ],
    controls: {
      pass: [echoServer(), echoServer({ fields: ['Sec-WebSocket-Protocol: x-aeronet-other'] }), refusing(400)],
      fail: [echoServer({ fields: ['Sec-WebSocket-Protocol: chat'] }), refusing(200)],
    },
  },
  {
    id: 'ws/handshake/unasked-extension',
    title: 'No extension is used that was not asked for',
    rfc: 'RFC6455#9.1',
    allow: opens(({ response }) => absent(response, 'sec-websocket-extensions')),
    controls: {
      pass: [echoServer()],
      fail: [echoServer({ fields: ['Sec-WebSocket-Extensions: permessage-deflate'] })],
    },
  },
  {
    id: 'ws/handshake/unknown-extension',
    title: 'An extension that nobody knows is not accepted',
    rfc: 'RFC6455#9.1',
    fields: [...handshake({}), 'Sec-WebSocket-Extensions: x-aeronet-none'],
    allow: opens(({ response }) => absent(response, 'sec-websocket-extensions')),
    controls: {
      pass: [echoServer()],
      fail: [echoServer({ fields: ['Sec-WebSocket-Extensions: x-aeronet-none'] }), refusing(400)],
    },
  },
  refused('post', 'A handshake by POST is refused', { request: 'POST {path} HTTP/1.1' }),
  refused('http-1.0', 'A handshake in HTTP/1.0 is refused', { request: 'GET {path} HTTP/1.0' }, true),
  refused('no-upgrade', 'Without Upgrade there is no handshake', { fields: handshake({ Upgrade: undefined }) }, true),
  refused(
    'other-upgrade',
    'With another Upgrade there is no handshake',
    { fields: handshake({ Upgrade: 'x-none' }) },
    true,
  ),
  refused(
    'no-connection',
    'Without Connection there is no handshake',
    { fields: handshake({ Connection: undefined }) },
    true,
  ),
  refused(
    'connection-without-upgrade',
    'Where Connection does not name Upgrade there is no handshake',
    { fields: handshake({ Connection: 'keep-alive' }) },
    true,
  ),
  key('missing', 'missing', undefined),
  key('empty', 'empty', ''),
  key('15-octets', 'fifteen octets long', Buffer.alloc(15, 7).toString('base64')),
  key('17-octets', 'seventeen octets long', Buffer.alloc(17, 7).toString('base64')),
  key('no-base64', 'no base64', '!!!!!!!!!!!!!!!!!!!!!!=='),
  refused('version-missing', 'A handshake without a version is refused', {
    fields: handshake({ 'Sec-WebSocket-Version': undefined }),
  }),
  ...['0', '7', '14', '255'].map((version) =>
    refused(`version-${version}`, `Version ${version} is refused, with the versions that are known`, {
      rfc: 'RFC6455#4.2.2',
      fields: handshake({ 'Sec-WebSocket-Version': version }),
      allow: refuses({
        further: ({ response }) =>
          fieldValues(response?.fields ?? [], 'sec-websocket-version')
            .join(', ')
            .split(/, */)
            .includes('13')
            ? undefined
            : 'no Sec-WebSocket-Version names 13',
      }).filter(({ grade, words }) => grade !== 'warn' || words === ''),
      controls: {
        pass: [refusing(426, ['Sec-WebSocket-Version: 13']), refusing(400, ['Sec-WebSocket-Version: 13, 8'])],
        fail: [echoServer(), refusing(426)],
      },
    }),
  ),
]);

function absent(response: { readonly fields: Parameters<typeof fieldValues>[0] } | undefined, name: string) {
  const values = fieldValues(response?.fields ?? [], name);
  return values.length === 0 ? undefined : `${name} is ${values.join(', ')}`;
}
