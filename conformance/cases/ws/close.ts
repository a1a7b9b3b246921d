import {
  closePayload,
  closesWith,
  defineWsCases,
  echoServer,
  failing,
  fails,
  frame,
  ignoring,
  OPCODE,
  rule,
  type WsCase,
} from '../../ws/define.ts';

const { CLOSE, TEXT } = OPCODE;

const answered = (
  slug: string,
  title: string,
  payload: Buffer | string,
  ...codes: readonly (number | undefined)[]
): WsCase => ({
  id: `ws/close/${slug}`,
  title,
  rfc: 'RFC6455#5.5.1',
  send: [frame(CLOSE, payload)],
  allow: closesWith(...codes),
  controls: { pass: [echoServer()], fail: [ignoring(), failing(undefined)] },
});

/** A Close frame with something wrong in it: the connection ends in any case, but not with a code that must not be sent. */
const wrong = (
  slug: string,
  title: string,
  rfc: WsCase['rfc'],
  level: 'MUST' | 'SHOULD',
  payload: Buffer,
  ...codes: readonly number[]
): WsCase => {
  const given = payload.length < 2 ? undefined : payload.readUInt16BE(0);
  return {
    id: `ws/close/${slug}`,
    title,
    rfc,
    level,
    send: [frame(CLOSE, payload)],
    allow: [
      ...fails(...codes).filter(({ grade }) => grade !== 'warn'),
      rule(
        'warn',
        'a Close frame with another code that is not the wrong one, and the end',
        ({ frames, connection }) => {
          const close = frames.find(({ opcode }) => opcode === CLOSE);
          if (close === undefined || connection === 'open' || connection === 'silent')
            return 'the connection was not closed';
          return close.payload.equals(payload) && given !== 1000 ? 'the wrong Close frame was sent back' : undefined;
        },
      ),
    ],
    controls: {
      pass: [...codes.map(failing), failing(undefined), failing(1000)],
      fail: [ignoring(), ...(given === 1000 ? [] : [echoServer()])],
    },
  };
};

/** RFC6455#5.5.1, RFC6455#7: how a connection ends. */
export default defineWsCases([
  answered('empty', 'A Close frame without a code is answered, and the connection ends', '', undefined, 1000, 1005),
  answered('1000', 'A Close frame is answered, and the connection ends', closePayload(1000, 'bye'), 1000),
  ...[1001, 1003, 1011, 3000, 3999, 4000, 4999].map((code) =>
    answered(
      `${code}`,
      `A Close frame with code ${code} is answered, and the connection ends`,
      closePayload(code),
      code,
    ),
  ),
  answered('reason-123-octets', 'A reason may be 123 octets long', closePayload(1000, 'r'.repeat(123)), 1000),
  {
    ...answered('ends-tcp', 'The server closes the connection behind the Close frames', closePayload(1000), 1000),
    rfc: 'RFC6455#7.1.1',
    controls: { pass: [echoServer()], fail: [ignoring()] },
  },
  {
    id: 'ws/close/nothing-behind',
    title: 'A message behind a Close frame is not answered',
    rfc: 'RFC6455#5.5.1',
    send: [Buffer.concat([frame(CLOSE, closePayload(1000)), frame(TEXT, 'hello')])],
    allow: [
      rule('pass', 'no message behind the Close frame, and the end', ({ response, frames, connection }) => {
        if (response?.status !== 101) return 'the handshake was not granted';
        if (frames.some(({ opcode }) => opcode < CLOSE)) return 'the message was answered';
        return connection === 'closed' || connection === 'reset' ? undefined : 'the connection was not closed';
      }),
    ],
    controls: { pass: [failing(1000)], fail: [ignoring(), echoServer({ leaves: false })] },
  },
  wrong('1-octet', 'A Close frame with one octet is an error', 'RFC6455#5.5.1', 'MUST', Buffer.from([3]), 1002),
  wrong(
    'reason-no-utf8',
    'A reason that is no UTF-8 is an error',
    'RFC6455#8.1',
    'MUST',
    closePayload(1001, Buffer.from('ff', 'hex')),
    1007,
    1002,
  ),
  ...[0, 999, 1004, 1005, 1006, 1015].map((code) =>
    wrong(
      `code-${code}`,
      `Code ${code} is never sent, nor sent back`,
      code < 1000 ? 'RFC6455#7.4.2' : 'RFC6455#7.4.1',
      'SHOULD',
      closePayload(code),
      1002,
    ),
  ),
  wrong('code-65535', 'Code 65535 is none', 'RFC6455#7.4.2', 'SHOULD', closePayload(65_535), 1002),
]);
