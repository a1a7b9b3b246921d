import {
  answered,
  barrier,
  data,
  defineH2Cases,
  FRAME,
  type H2Dialogue,
  type H2Observation,
  type H2Outcome,
  h2Server,
  headers,
  malformed,
  type OctetStep,
  request,
  resetsStream,
  responds,
  response,
  status,
  warned,
} from '../../h2/define.ts';

/** RFC9110#10.1.1 and RFC9113#8.1: interim responses, and what Expect asks for. */
const asks = (value = '100-continue', more: Parameters<typeof request>[1] = []): OctetStep =>
  headers(request('/echo', [['expect', value], ...more], 'POST'), { end: false });
const CONTENT = data('{nonce}');

/** Anything at all is told on stream 1. */
function isTold({ frames }: H2Observation): boolean {
  return frames.some(({ type, stream }) => stream === 1 && (type === FRAME.HEADERS || type === FRAME.RST_STREAM));
}

/** Sends the head, waits for an answer to it, then sends the content. */
function waitsBefore(head: OctetStep, content: OctetStep) {
  return async (dialogue: H2Dialogue): Promise<H2Observation> => {
    await dialogue.take(head, barrier);
    await dialogue.until(isTold);
    await dialogue.take(content);
    return dialogue.finish();
  };
}

const interim = headers([[':status', '100']], { end: false });
const echo = response(200, '{nonce}');
const asksOnce = h2Server('says 100, then echoes', [[interim], echo]);
const asksTwice = h2Server('says 100 twice, then echoes', [[interim], [interim, ...echo]]);
const neverAsks = h2Server('echoes without 100', [[], echo]);
const refusesAtOnce = h2Server('refuses at once with 417', [response(417), []]);
const asksAndForgets = h2Server('says 100, then forgets the content', [[interim], response(200, '')]);

const AT_ONCE = 'a final status at once is allowed, though the same request without Expect is taken';
const asked: readonly H2Outcome[] = [
  answered({ status: [200], content: '{nonce}', interim: [100] }),
  warned({ kind: 'response', match: status('4xx', '5xx'), stream: 1 }, AT_ONCE),
];

export default defineH2Cases([
  {
    id: 'h2/interim/continue',
    title: '100 (Continue) is sent before the content, once, and the content is then taken',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [asks(), CONTENT],
    run: waitsBefore(asks(), CONTENT),
    allow: asked,
    controls: { pass: [asksOnce, refusesAtOnce], fail: [asksTwice, neverAsks, asksAndForgets] },
  },
  {
    id: 'h2/interim/continue-with-length',
    title: '100 (Continue) is sent where content-length says what comes',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [asks('100-continue', [['content-length', '7']]), CONTENT],
    run: waitsBefore(asks('100-continue', [['content-length', '7']]), CONTENT),
    allow: asked,
    controls: { pass: [asksOnce, refusesAtOnce], fail: [asksTwice, asksAndForgets] },
  },
  {
    id: 'h2/interim/continue-upper-case',
    title: 'The expectation is recognised in any case',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [asks('100-CONTINUE'), CONTENT],
    run: waitsBefore(asks('100-CONTINUE'), CONTENT),
    allow: asked,
    controls: { pass: [asksOnce, refusesAtOnce], fail: [asksTwice, asksAndForgets] },
  },
  {
    id: 'h2/interim/well-formed',
    title: 'An interim response has :status in front, no fault, and does not end the stream',
    rfc: 'RFC9113#8.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'A target that sends none has nothing to prove here.',
    frames: [asks(), CONTENT],
    run: waitsBefore(asks(), CONTENT),
    awaits: [1],
    allow: [
      {
        grade: 'pass',
        expect: {
          kind: 'seen',
          says: 'gives a whole response without a fault',
          complaint: ({ problems, streams, connection }) => {
            if (connection !== 'open') return `the connection was ${connection}`;
            return streams.get(1)?.response?.complete === true ? problems[0] : 'stream 1 has no whole response';
          },
        },
      },
    ],
    controls: {
      pass: [asksOnce, refusesAtOnce],
      fail: [
        h2Server('ends the stream with 100', [[headers([[':status', '100']])], echo]),
        h2Server('says 100 with connection', [
          [
            headers(
              [
                [':status', '100'],
                ['connection', 'x'],
              ],
              { end: false },
            ),
          ],
          echo,
        ]),
        h2Server('says 100 without :status in front', [
          [
            headers(
              [
                ['x-probe', '1'],
                [':status', '100'],
              ],
              { end: false },
            ),
          ],
          echo,
        ]),
      ],
    },
  },
  {
    id: 'h2/interim/content-already-there',
    title: 'Content that comes together with the head is taken, with or without 100 (Continue)',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'A client need not wait; the target may then leave the interim response out.',
    frames: [asks(), CONTENT],
    allow: [
      answered({ status: [200], content: '{nonce}', interim: [] }),
      answered({ status: [200], content: '{nonce}', interim: [100] }),
      warned({ kind: 'response', match: status('4xx', '5xx'), stream: 1 }, 'the same request without Expect is taken'),
    ],
    controls: {
      pass: [responds(200, '{nonce}'), h2Server('says 100 and echoes', [[interim, ...echo]]), responds(417)],
      fail: [
        h2Server('says 100 twice', [[interim, interim, ...echo]]),
        responds(200, 'other'),
        resetsStream('PROTOCOL_ERROR'),
      ],
    },
  },
  {
    id: 'h2/interim/no-content',
    title: 'An expectation on a request without content does not hold up its answer',
    rfc: 'RFC9110#10.1.1',
    level: 'MUST',
    needs: ['get'],
    why: 'A client must not send this, but nothing is to be waited for: END_STREAM says that there is no content.',
    frames: [headers(request('/', [['expect', '100-continue']]))],
    allow: [
      answered(status(200)),
      warned({ kind: 'response', match: status('4xx'), stream: 1 }, 'the client broke a rule'),
    ],
    controls: { pass: [responds(200, 'hello'), responds(417)], fail: [responds(500), resetsStream('PROTOCOL_ERROR')] },
  },
  {
    id: 'h2/interim/unknown-expectation',
    title: 'An unknown expectation gets 417 or is ignored',
    rfc: 'RFC9110#10.1.1',
    level: 'MAY',
    needs: ['echo'],
    frames: [asks('x-unknown'), CONTENT],
    allow: [
      answered(status(417)),
      answered({ status: [200], content: '{nonce}' }),
      warned({ kind: 'response', match: status('4xx'), stream: 1 }, '417 says what is wrong'),
    ],
    controls: { pass: [responds(417), responds(200, '{nonce}')], fail: [responds(501), responds(200, 'other')] },
  },
  {
    id: 'h2/interim/malformed-not-asked',
    title: 'A malformed request is refused, not asked for its content',
    rfc: 'RFC9113#8.1.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [asks('100-continue', [['X-Probe', '1']]), CONTENT],
    run: waitsBefore(asks('100-continue', [['X-Probe', '1']]), CONTENT),
    allow: malformed(),
    controls: {
      pass: [
        h2Server('resets the stream at once', [resetsStream('PROTOCOL_ERROR').phases[0] ?? [], []]),
        h2Server('answers with 400 at once', [response(400), []]),
      ],
      fail: [asksOnce, neverAsks],
    },
  },
  {
    id: 'h2/interim/switching-protocols',
    title: '101 (Switching Protocols) is never sent, whatever the request asks for',
    rfc: 'RFC9113#8.6',
    level: 'MUST',
    needs: ['get'],
    why: 'The request is malformed because of its fields (RFC9113#8.2.2); whoever overlooks that has to overlook what they ask for, too.',
    frames: [
      headers(
        request('/', [
          ['upgrade', 'websocket'],
          ['connection', 'upgrade'],
          ['sec-websocket-version', '13'],
          ['sec-websocket-key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
        ]),
      ),
    ],
    allow: [
      ...malformed(),
      answered(status(426, 501)),
      warned(
        { kind: 'response', match: { status: ['2xx', '3xx', '4xx'], interim: [] }, stream: 1 },
        'no 101, but the fields make the request malformed (RFC9113#8.2.2)',
      ),
    ],
    controls: {
      pass: [resetsStream('PROTOCOL_ERROR'), responds(400), responds(200, 'hello')],
      fail: [
        h2Server('switches protocols', [[headers([[':status', '101']], { end: false })]]),
        h2Server('says 101, then 200', [[headers([[':status', '101']], { end: false }), ...response(200, 'hello')]]),
      ],
    },
  },
]);
