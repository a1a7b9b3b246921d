import {
  barrier,
  beside,
  concluded,
  content,
  contentOf,
  type Due,
  data,
  defineH2Cases,
  echoes,
  endsConnection,
  FLAG,
  goesAway,
  type H2Observation,
  type H2Phase,
  h2Server,
  head,
  headers,
  request,
  resetsStream,
  response,
  rstStream,
  SETTING,
  seen,
  settings,
  shows,
  warned,
  windowUpdate,
} from '../../h2/define.ts';
import { keeps, within } from './windows.ts';

const FILE = request('/file.bin');
const FIRST_WINDOW = 65_535;
const MAX_WINDOW = 0x7fff_ffff;
/** More than any file of a target has. */
const PLENTY = 2 ** 30;
/** Content of the canned servers: more than the first window, as is the file of the target contract. */
const SIZE = 70_000;

const ACKNOWLEDGED = settings([], FLAG.ACK);
const window = (bytes: number) => settings([[SETTING.INITIAL_WINDOW_SIZE, bytes]]);
const begins = (bytes: number) => ({ handshake: [[SETTING.INITIAL_WINDOW_SIZE, bytes] as const] }) as const;

/** A whole response without any window; one that waits for a window, or whose end does, is only slower than it may be. */
function needsNoWindow(stream: number, before: readonly H2Phase[]): Due {
  const complain = (isWhole: boolean) => (seen: H2Observation) => {
    const response = seen.streams.get(stream)?.response;
    if (response === undefined) return `stream ${stream} has no response`;
    return isWhole && !response.complete ? `stream ${stream} has no whole response` : undefined;
  };
  return {
    allow: [
      seen('answers without a window', complain(true)),
      warned(
        { kind: 'seen', says: 'begins an answer without a window', complaint: complain(false) },
        'an empty DATA frame may be sent without a window (RFC9113#6.9.1)',
      ),
      warned(
        { kind: 'ignored' },
        'HEADERS are not subject to flow control (RFC9113#5.2.1), but may be late for other reasons',
      ),
    ],
    controls: {
      pass: [
        h2Server('ends with the head', [...before, response(200, '', stream), []]),
        h2Server('ends with empty DATA', [...before, [...head(stream), data('', { stream })], []]),
        h2Server('keeps the end back', [...before, head(stream), []]),
        h2Server('keeps the head back', [...before, [], []]),
      ],
      fail: [resetsStream('FLOW_CONTROL_ERROR', stream), goesAway('FLOW_CONTROL_ERROR')],
    },
  };
}

export default defineH2Cases([
  {
    id: 'h2/flow/first-window',
    title: 'No more than 65,535 octets come on a stream before it is given credit',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['file'],
    frames: [windowUpdate(PLENTY), headers(FILE), content(FIRST_WINDOW), beside, windowUpdate(PLENTY, 1), concluded(1)],
    awaits: [1],
    ...keeps([[...head(), ...contentOf(FIRST_WINDOW, 1, false)], contentOf(SIZE - FIRST_WINDOW), []], 0),
  },
  {
    id: 'h2/flow/connection-window',
    title:
      'No more than 65,535 octets come on a connection before it is given credit, whatever the window of the stream',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['file'],
    ...begins(PLENTY),
    frames: [headers(FILE), content(FIRST_WINDOW), beside, windowUpdate(PLENTY), concluded(1)],
    awaits: [1],
    ...keeps([[...head(), ...contentOf(FIRST_WINDOW, 1, false)], contentOf(SIZE - FIRST_WINDOW), []], 0),
  },
  {
    id: 'h2/flow/connection-window-shared',
    title: 'Two streams share the window of the connection',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['file'],
    ...begins(PLENTY),
    frames: [
      ...[headers(FILE), headers(FILE, { stream: 3 }), content(FIRST_WINDOW, 0), beside],
      ...[windowUpdate(PLENTY), concluded(1), concluded(3)],
    ],
    awaits: [1, 3],
    ...keeps(
      [
        [...head(), ...head(3), ...contentOf(40_000, 1, false), ...contentOf(FIRST_WINDOW - 40_000, 3, false)],
        ...[contentOf(1), contentOf(1, 3), []],
      ],
      0,
      [1, 3],
    ),
  },
  {
    id: 'h2/flow/one-octet',
    title: 'A window of one octet lets one octet through, and each credit of one octet one more',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['file'],
    ...begins(1),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), content(1), windowUpdate(1, 1), content(2), beside],
      ...[window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([[...head(), ...contentOf(1, 1, false)], contentOf(1, 1, false), contentOf(SIZE), []], 1),
  },
  {
    id: 'h2/flow/no-window',
    title: 'No content comes on a stream without a window, until it is given credit',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['file'],
    ...begins(0),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), barrier, beside, windowUpdate(PLENTY, 1), concluded(1)],
      ...[window(FIRST_WINDOW)],
    ],
    awaits: [1],
    ...keeps([head(), contentOf(SIZE), []], 0),
  },
  {
    id: 'h2/flow/settings-open-a-stream',
    title: 'A larger SETTINGS_INITIAL_WINDOW_SIZE gives a stream that waits as much more',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['file'],
    ...begins(0),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), barrier, beside, window(40_000), content(40_000), beside],
      ...[window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([head(), contentOf(40_000, 1, false), contentOf(SIZE), []], 1),
  },
  {
    id: 'h2/flow/settings-below-zero',
    title: 'A window that SETTINGS take below zero stays shut until credit has made up for it',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['file'],
    why: '1,000 octets were sent, the window is then 0 - 1,000: a credit of 1,000 makes it 0, and only the 500 behind that count.',
    ...begins(1_000),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), content(1_000), window(0), barrier],
      ...[windowUpdate(1_000, 1), beside, windowUpdate(500, 1), content(1_500), beside],
      ...[window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps(
      [[...head(), ...contentOf(1_000, 1, false)], [ACKNOWLEDGED], ...[contentOf(500, 1, false), contentOf(SIZE), []]],
      2,
    ),
  },
  {
    id: 'h2/flow/settings-below-zero-and-up',
    title: 'SETTINGS that raise the initial window raise one below zero from where it stands',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['file'],
    why: '1,000 octets were sent, the window is then 0 - 1,000, with an initial window of 500 it is -500, with one of 1,500 it is 500.',
    ...begins(1_000),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), content(1_000), window(0), barrier, window(500), beside],
      ...[window(1_500), content(1_500), beside, window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps(
      [
        [...head(), ...contentOf(1_000, 1, false)],
        [ACKNOWLEDGED],
        [ACKNOWLEDGED, ACKNOWLEDGED, ...contentOf(500, 1, false)],
        ...[[ACKNOWLEDGED, ...contentOf(SIZE)], []],
      ],
      1,
    ),
  },
  {
    id: 'h2/flow/settings-leave-connection',
    title: 'SETTINGS_INITIAL_WINDOW_SIZE does not open the window of the connection',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['file'],
    ...begins(PLENTY),
    frames: [
      ...[headers(FILE), content(FIRST_WINDOW), window(MAX_WINDOW), beside],
      ...[windowUpdate(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([[...head(), ...contentOf(FIRST_WINDOW, 1, false)], contentOf(SIZE - FIRST_WINDOW), []], 0),
  },
  {
    id: 'h2/flow/settings-for-later-streams',
    title: 'A stream begins with the initial window of the last SETTINGS',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['file'],
    frames: [
      ...[windowUpdate(PLENTY), window(10), barrier, headers(FILE), content(10), beside],
      ...[window(PLENTY), concluded(1)],
    ],
    awaits: [1],
    ...keeps([[ACKNOWLEDGED], [...head(), ...contentOf(10, 1, false)], contentOf(SIZE), []], 1),
  },
  {
    id: 'h2/flow/each-stream-its-own',
    title: 'Credit for one stream is none for another',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['file'],
    ...begins(100),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), headers(FILE, { stream: 3 }), content(200, 0)],
      ...[windowUpdate(50, 3), content(250, 0), beside, window(PLENTY), concluded(1), concluded(3)],
    ],
    awaits: [1, 3],
    ...keeps(
      [
        [...head(), ...head(3), ...contentOf(100, 1, false), ...contentOf(100, 3, false)],
        ...[contentOf(50, 3, false), contentOf(1), contentOf(1, 3), []],
      ],
      1,
      [1, 3],
    ),
  },
  {
    id: 'h2/flow/credit-before-response',
    title: 'Credit that comes before the response has begun is kept for it',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['echo'],
    ...begins(0),
    frames: [
      headers(request('/echo', [], 'POST'), { end: false }),
      ...[windowUpdate(100, 1), data('{nonce}'), concluded(1), window(FIRST_WINDOW)],
    ],
    ...echoes(),
  },
  {
    id: 'h2/flow/largest-windows',
    title: 'Windows of 2^31-1 octets, of a stream and of the connection, are used',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['file'],
    why: 'One octet more would be an error; a signed sum of 32 bits turns these into nothing.',
    ...begins(MAX_WINDOW),
    frames: [windowUpdate(MAX_WINDOW - FIRST_WINDOW), headers(FILE), concluded(1)],
    awaits: [1],
    ...shows('sends all', within(1), h2Server('sends all', [[...head(), ...contentOf(SIZE)], []]), [
      h2Server('sends what the first window held', [[...head(), ...contentOf(FIRST_WINDOW, 1, false)], []]),
    ]),
  },
  {
    id: 'h2/flow/largest-by-settings',
    title: 'SETTINGS may raise the window of an open stream to exactly 2^31-1',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [], 'POST'), { end: false }),
      ...[windowUpdate(MAX_WINDOW - 70_000, 1), window(70_000), data('{nonce}')],
    ],
    ...echoes(),
  },
  {
    id: 'h2/flow/settings-overflow',
    title: 'SETTINGS that raise the window of an open stream above 2^31-1 end the connection',
    rfc: 'RFC9113#6.9.2',
    level: 'MUST',
    needs: ['echo'],
    frames: [
      headers(request('/echo', [], 'POST'), { end: false }),
      ...[windowUpdate(MAX_WINDOW - FIRST_WINDOW, 1), barrier, window(FIRST_WINDOW + 1)],
    ],
    ...endsConnection('FLOW_CONTROL_ERROR'),
  },
  {
    id: 'h2/flow/head-without-window',
    title: 'A response without content comes though neither stream nor connection has a window',
    rfc: 'RFC9113#5.2.1',
    level: 'SHOULD',
    needs: ['file', 'head'],
    why: 'Only DATA is subject to flow control.',
    ...begins(PLENTY),
    frames: [
      ...[headers(FILE), content(FIRST_WINDOW), window(0), barrier],
      ...[headers(request('/file.bin', [], 'HEAD'), { stream: 3 }), content(0, 3)],
    ],
    sentinel: 'none',
    ...needsNoWindow(3, [[...head(), ...contentOf(FIRST_WINDOW, 1, false)], [ACKNOWLEDGED]]),
  },
  {
    id: 'h2/flow/empty-content-without-window',
    title: 'Content that is empty needs no window',
    rfc: 'RFC9113#5.2.1',
    level: 'SHOULD',
    needs: ['echo'],
    ...begins(0),
    frames: [headers(request('/echo', [], 'POST')), content(0)],
    sentinel: 'none',
    ...needsNoWindow(1, []),
  },
  {
    id: 'h2/flow/one-waits-others-go-on',
    title: 'A stream without a window does not hold up another that has one',
    rfc: 'RFC9113#5.2.2',
    level: 'SHOULD',
    needs: ['file'],
    ...begins(0),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), headers(FILE, { stream: 3 }), windowUpdate(PLENTY, 3), concluded(3)],
      ...[windowUpdate(PLENTY, 1), concluded(1), window(FIRST_WINDOW)],
    ],
    awaits: [1, 3],
    ...shows(
      'serves stream 3 while stream 1 waits',
      (seen) => {
        const order = seen.frames
          .filter(({ type, payload }) => type === 0 && payload.length > 0)
          .map(({ stream }) => stream);
        const isHeldUp = order.indexOf(1) >= 0 && order.indexOf(1) < order.lastIndexOf(3);
        return within(1, 3)(seen) ?? (isHeldUp ? 'stream 3 was not served before stream 1' : undefined);
      },
      h2Server('serves it', [[...head(), ...head(3), ...contentOf(SIZE, 3)], contentOf(SIZE), []]),
      h2Server('serves them in order', [[...head(), ...head(3)], [...contentOf(SIZE), ...contentOf(SIZE, 3)], []]),
    ),
  },
  {
    id: 'h2/flow/reset-while-waiting',
    title: 'A stream that is reset while its content waits for a window takes nothing from the others',
    rfc: 'RFC9113#5.2',
    level: 'SHOULD',
    needs: ['file'],
    ...begins(0),
    frames: [
      ...[windowUpdate(PLENTY), headers(FILE), barrier, beside, rstStream('CANCEL'), headers(FILE, { stream: 5 })],
      ...[windowUpdate(PLENTY, 5), concluded(5), window(FIRST_WINDOW)],
    ],
    awaits: [5],
    ...shows(
      'sends all on stream 5, and nothing on stream 1',
      (seen) => within(5)(seen) ?? (seen.streams.get(1)?.dataBytes ? 'content came on stream 1' : undefined),
      h2Server('serves it', [head(), [...head(5), ...contentOf(SIZE, 5)], []]),
      h2Server('waits for ever', [head(), head(5), []]),
    ),
  },
]);
