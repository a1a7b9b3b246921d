import {
  bareCloses,
  beside,
  continuation,
  type Due,
  data,
  defineH2Cases,
  FLAG,
  FRAME,
  goaway,
  goesAway,
  type H2Case,
  type H2Observation,
  h2Server,
  headers,
  indexed,
  literal,
  many,
  ping,
  priority,
  priorityUpdate,
  raw,
  request,
  rstStream,
  SETTING,
  seenAtEnd,
  servesOn,
  settings,
  sizeUpdate,
  windowUpdate,
} from '../../h2/define.ts';
import { ERROR } from '../../wire/h2/frames.ts';

const GET = request();
const POST = request('/echo', [], 'POST');
const CALM: readonly number[] = [ERROR.ENHANCE_YOUR_CALM];
const NO_WINDOW = { handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0] as const], sentinel: 'none' } as const;
const id = (index: number) => 2 * index + 1;
const open = (index: number) => headers(POST, { stream: id(index), end: false });

/** What becomes of the connection, and that others were served meanwhile. */
function ends(isRight: (seen: H2Observation, errors: readonly number[]) => boolean) {
  return (seen: H2Observation) => {
    if (seen.beside !== true) return 'another connection was not served meanwhile';
    const errors = seen.goaways.map(({ code }) => code).filter((code) => code !== ERROR.NO_ERROR);
    if (seen.connection === 'silent') return errors.length > 0 ? 'it stayed open behind GOAWAY' : 'it fell silent';
    return isRight(seen, errors) ? undefined : `it was ${seen.connection}`;
  };
}

/**
 * So much of it does no harm: the connection goes on, or ends as RFC9113#10.5 says; either way others are served. Any other end is
 * legal too, for an endpoint can end a connection at any time (RFC9113#5.4.1).
 */
function isHarmless(): Due {
  return {
    allow: [
      seenAtEnd(
        'goes on, or ends the connection with ENHANCE_YOUR_CALM',
        ends(({ connection }, errors) => connection === 'open' || errors.some((code) => CALM.includes(code))),
      ),
      {
        grade: 'weak',
        expect: {
          kind: 'seen',
          says: 'ends the connection without an error',
          complaint: ends((_, errors) => errors.length === 0),
        },
        note: 'GOAWAY is a SHOULD (RFC9113#5.4.1)',
      },
      {
        grade: 'warn',
        expect: { kind: 'seen', says: 'ends the connection with another error', complaint: ends(() => true) },
        note: 'an endpoint can end a connection at any time (RFC9113#5.4.1)',
      },
    ],
    controls: {
      pass: [servesOn(), goesAway('ENHANCE_YOUR_CALM'), goesAway('PROTOCOL_ERROR'), bareCloses()],
      fail: [
        h2Server('serves nobody else', [], { isAlone: true }),
        h2Server('stays open behind GOAWAY', [[goaway('ENHANCE_YOUR_CALM')]], { ending: 'hang' }),
      ],
    },
  };
}

/** One kind of excess; what it costs and where it was first seen is in `why`. */
interface Excess extends Pick<H2Case, 'frames' | 'why' | 'handshake' | 'sentinel'> {
  readonly slug: string;
  readonly says: string;
  readonly needs?: H2Case['needs'];
}

const BLOCKS: readonly Excess[] = [
  {
    slug: 'continuation',
    says: 'A field block of 500 CONTINUATION frames that never ends',
    frames: [headers(GET, { endHeaders: false }), many(500, () => [continuation([['x', 'y']], { endHeaders: false })])],
  },
  {
    slug: 'continuation-empty',
    says: 'A field block of 500 empty CONTINUATION frames that never ends',
    frames: [headers(GET, { endHeaders: false }), many(500, () => [continuation([], { endHeaders: false })])],
  },
  {
    slug: 'continuation-large',
    says: 'A field block of half a megabyte',
    frames: [
      headers(GET, { endHeaders: false }),
      many(32, () => [continuation([['x', 'y'.repeat(16_000)]], { endHeaders: false })]),
      continuation([]),
    ],
  },
  {
    slug: 'table-entry-many-times',
    says: 'An entry of 3,900 octets that ten requests name 200 times each',
    why: 'Eight megabytes of fields in six kilobytes of frames.',
    frames: [
      headers([...GET, literal('x', 'y'.repeat(3_900), { kind: 'indexing' })]),
      many(10, (index) => [
        headers([...GET, ...Array.from({ length: 200 }, () => indexed(62))], { stream: id(index + 1) }),
      ]),
    ],
  },
  {
    slug: 'cookie-crumbs',
    says: 'Ten requests with 3,000 cookie crumbs each, an octet a crumb',
    why: 'Each field costs its recipient much more than the octet that it costs its sender.',
    frames: [
      headers([...GET, literal('cookie', 'a', { kind: 'indexing' })]),
      many(10, (index) => [
        headers([...GET, ...Array.from({ length: 3_000 }, () => indexed(62))], { stream: id(index + 1) }),
      ]),
    ],
  },
  {
    slug: 'table-thrash',
    says: 'Two hundred requests that empty the table and fill it again',
    frames: [
      many(200, (index) => [
        headers([sizeUpdate(0), sizeUpdate(4_096), ...GET, literal('x', 'y'.repeat(1_000), { kind: 'indexing' })], {
          stream: id(index),
        }),
      ]),
    ],
  },
];

const STREAMS: readonly Excess[] = [
  {
    slug: 'rapid-reset',
    says: 'Four hundred requests, each reset at once',
    frames: [many(400, (index) => [headers(GET, { stream: id(index) }), rstStream('CANCEL', id(index))])],
  },
  {
    slug: 'requests',
    says: 'Four hundred requests at once',
    why: 'Those above the limit of streams are refused, one by one (RFC9113#5.1.2).',
    frames: [many(400, (index) => [headers(GET, { stream: id(index) })])],
  },
  {
    slug: 'unfinished-requests',
    says: 'Four hundred requests whose content never comes',
    needs: ['echo'],
    frames: [many(400, (index) => [open(index)])],
    sentinel: 'none',
  },
  {
    slug: 'unread-responses',
    says: 'Ninety responses that get no window',
    needs: ['file'],
    ...NO_WINDOW,
    frames: [many(90, (index) => [headers(request('/file.bin'), { stream: id(index) })])],
  },
  {
    slug: 'dripping-window',
    says: 'A response that gets its window octet by octet, a thousand times',
    needs: ['file'],
    ...NO_WINDOW,
    frames: [headers(request('/file.bin')), many(1_000, () => [windowUpdate(1, 1)])],
  },
  {
    slug: 'empty-data',
    says: 'A thousand empty DATA frames',
    needs: ['echo'],
    frames: [open(0), many(1_000, () => [data('', { end: false })]), data('')],
  },
  {
    slug: 'padding-alone',
    says: 'Two hundred DATA frames of padding alone',
    needs: ['echo'],
    frames: [open(0), many(200, () => [data('', { pad: 255, end: false })]), data('')],
  },
];

const CONTROL: readonly Excess[] = [
  { slug: 'settings', says: 'Fifteen hundred SETTINGS frames', frames: [many(1_500, () => [settings()])] },
  {
    slug: 'settings-entries',
    says: 'Ten SETTINGS frames of 2,700 unknown settings each',
    frames: [many(10, () => [settings(Array.from({ length: 2_700 }, (_, index) => [0xe000 + index, index]))])],
  },
  {
    slug: 'settings-back-and-forth',
    says: 'SETTINGS that open and shut the windows of fifty streams five hundred times',
    needs: ['echo'],
    frames: [
      many(50, (index) => [open(index)]),
      many(500, () => [
        settings([[SETTING.INITIAL_WINDOW_SIZE, 0]]),
        settings([[SETTING.INITIAL_WINDOW_SIZE, 65_535]]),
      ]),
      many(50, (index) => [data('', { stream: id(index) })]),
    ],
  },
  {
    slug: 'settings-acknowledgements',
    says: 'A thousand acknowledgements of SETTINGS that were never sent',
    frames: [many(1_000, () => [settings([], FLAG.ACK)])],
  },
  { slug: 'ping', says: 'Fifteen hundred PINGs', frames: [many(1_500, () => [ping('flooding')])] },
  {
    slug: 'priority',
    says: 'Fifteen hundred PRIORITY frames that move streams about',
    frames: [many(1_500, (index) => [priority(id(index % 100), id((index * 7 + 1) % 100), index % 256)])],
    sentinel: 'none',
  },
  {
    slug: 'priority-update',
    says: 'Fifteen hundred PRIORITY_UPDATE frames for one stream',
    frames: [many(1_500, (index) => [priorityUpdate(1, `u=${index % 8}`)])],
  },
  {
    slug: 'window-update',
    says: 'Fifteen hundred WINDOW_UPDATE frames of an octet',
    frames: [many(1_500, () => [windowUpdate(1)])],
  },
  {
    slug: 'unknown',
    says: 'Fifteen hundred frames of an unknown type',
    frames: [many(1_500, () => [raw(0xbe, 0, 0, 'unknown')])],
  },
];

/** Requests that oblige the server to reset them itself, so that no count of the client's resets sees it. */
const FAULTS: readonly Excess[] = [
  {
    slug: 'no-increment',
    says: 'a WINDOW_UPDATE of 0',
    needs: ['echo'],
    frames: [many(200, (index) => [open(index), windowUpdate(0, id(index))])],
  },
  {
    slug: 'window-overflow',
    says: 'a window above 2^31-1',
    needs: ['echo'],
    frames: [many(200, (index) => [open(index), windowUpdate(0x7fff_ffff, id(index))])],
  },
  {
    slug: 'data-behind-end',
    says: 'DATA behind END_STREAM',
    frames: [many(200, (index) => [headers(GET, { stream: id(index) }), data('x', { stream: id(index) })])],
  },
  {
    slug: 'headers-behind-end',
    says: 'HEADERS behind END_STREAM',
    frames: [many(200, (index) => [headers(GET, { stream: id(index) }), headers([['x', 'y']], { stream: id(index) })])],
  },
  {
    slug: 'length-mismatch',
    says: 'more content than its length says',
    needs: ['echo'],
    frames: [
      many(200, (index) => [
        headers(request('/echo', [['content-length', '1']], 'POST'), { stream: id(index), end: false }),
        data('xx', { stream: id(index) }),
      ]),
    ],
  },
  {
    slug: 'malformed',
    says: 'a field name in upper case',
    frames: [many(200, (index) => [headers([...GET, ['X-Upper', 'y']], { stream: id(index) })])],
  },
  { slug: 'no-fields', says: 'no field at all', frames: [many(200, (index) => [headers([], { stream: id(index) })])] },
  {
    slug: 'priority-length',
    says: 'a PRIORITY frame of four octets',
    needs: ['echo'],
    frames: [many(200, (index) => [open(index), raw(FRAME.PRIORITY, 0, id(index), '\0\0\0\0')])],
  },
];

export default defineH2Cases(
  [
    ...[...BLOCKS, ...STREAMS, ...CONTROL],
    ...FAULTS.map((one) => ({
      ...one,
      slug: `self-reset-${one.slug}`,
      says: `Two hundred requests with ${one.says}`,
    })),
  ].map(
    ({ slug, says, frames, needs = [], ...more }): H2Case => ({
      id: `h2/limits/${slug}`,
      title: `${says}, and all else is served as ever`,
      rfc: 'RFC9113#10.5',
      level: 'SHOULD',
      tags: ['abuse'],
      needs,
      ...more,
      frames: [...frames, beside],
      ...isHarmless(),
    }),
  ),
);
