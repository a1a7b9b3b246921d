import {
  answersWith,
  concluded,
  data,
  defineH2Cases,
  echoes,
  eitherOf,
  endsConnection,
  endsStream,
  FRAME,
  type H2Case,
  headers,
  livesOn,
  many,
  priority,
  priorityUpdate,
  raw,
  request,
  SETTING,
  settings,
} from '../../h2/define.ts';

const MAX_VALUE = 0xffff_ffff;
const EXCLUSIVE = 0x8000_0000;
const POST = headers(request('/echo', [], 'POST'), { end: false });
const priorities = (value: number) => settings([[SETTING.NO_RFC7540_PRIORITIES, value]]);
const began = (value: number) => ({ handshake: [[SETTING.NO_RFC7540_PRIORITIES, value] as const] }) as const;

const WHY_SELF = 'The edition before RFC 9113 made an error of it; that sentence is gone, and none stands against it.';
const WHY_KNOWN =
  'The target knows the frame; its client uses priorities of this kind alone, so that there is nothing to prefer to it.';
const WHY_UNKNOWN = 'Who does not know PRIORITY_UPDATE discards it (RFC9113#5.5); who knows it takes it.';

/** Field values that say something, or nothing. */
const VALUES = [
  { slug: 'highest', value: 'u=0' },
  { slug: 'lowest-incremental', value: 'u=7, i' },
  { slug: 'not-incremental', value: 'u=3, i=?0' },
  { slug: 'empty', value: '' },
  { slug: 'urgency-8', value: 'u=8' },
  { slug: 'urgency-negative', value: 'u=-1' },
  { slug: 'urgency-without-value', value: 'u' },
  { slug: 'urgency-of-text', value: 'u="1"' },
  { slug: 'incremental-number', value: 'u=1, i=5' },
  { slug: 'unknown-parameters', value: 'u=1, x=y;z, a="b", c=(1 2);d' },
  { slug: 'twice', value: 'u=1, u=6' },
] as const;

/** Field values that are no dictionaries. */
const NONSENSE = [
  { slug: 'unparsable', value: 'u=;;,=' },
  { slug: 'text', value: 'as soon as possible!' },
  { slug: 'binary', value: '\xff\xfe\x80' },
] as const;

type Place = Pick<H2Case, 'frames' | 'needs' | 'allow' | 'controls' | 'title' | 'id'>;

/** Where a valid PRIORITY_UPDATE may stand. */
const PLACES: readonly Place[] = [
  {
    id: 'h2/priority/update-before-request',
    title: 'PRIORITY_UPDATE for a stream that is opened behind it does not harm the request',
    needs: ['get'],
    frames: [priorityUpdate(1, 'u=0'), headers()],
    ...answersWith([200]),
  },
  {
    id: 'h2/priority/update-of-open-stream',
    title: 'PRIORITY_UPDATE for a stream whose content is still to come does not harm the request',
    needs: ['echo'],
    frames: [POST, priorityUpdate(1, 'u=6, i'), data('{nonce}')],
    ...echoes(),
  },
  {
    id: 'h2/priority/update-of-closed-stream',
    title: 'PRIORITY_UPDATE for a stream that is over is discarded',
    needs: [],
    frames: [headers(), concluded(1), priorityUpdate(1, 'u=6')],
    ...livesOn(),
  },
  {
    id: 'h2/priority/update-of-stream-never-opened',
    title: 'PRIORITY_UPDATE for a stream that is never opened does no harm',
    needs: [],
    frames: [priorityUpdate(1_001, 'u=6')],
    ...livesOn(),
  },
  {
    id: 'h2/priority/update-reserved-bit',
    title: 'The reserved bit of a prioritized stream is ignored',
    needs: ['get'],
    frames: [priorityUpdate(EXCLUSIVE + 1, 'u=0'), headers()],
    ...answersWith([200]),
  },
  {
    id: 'h2/priority/update-undefined-flags',
    title: 'Flags of PRIORITY_UPDATE, which has none, are ignored',
    needs: ['get'],
    frames: [raw(FRAME.PRIORITY_UPDATE, 0xff, 0, '\0\0\0\x01u=0'), headers()],
    ...answersWith([200]),
  },
];

/** Updates that are errors of the connection for whoever knows the frame. */
const WRONG = [
  { slug: 'on-idle-stream', says: 'on an idle stream', frames: [priorityUpdate(1, 'u=0', 1)] },
  { slug: 'on-open-stream', says: 'on an open stream', frames: [POST, priorityUpdate(1, 'u=0', 1)] },
  { slug: 'of-stream-0', says: 'for stream 0', frames: [priorityUpdate(0, 'u=0')] },
  { slug: 'of-idle-push', says: 'for a stream of the server, which is idle', frames: [priorityUpdate(2, 'u=0')] },
] as const;

const limitOf = (theirs: ReadonlyMap<number, number>) => theirs.get(SETTING.MAX_CONCURRENT_STREAMS) ?? 1;
/** So many idle streams get a priority. */
const prioritizes =
  (count: (limit: number) => number): NonNullable<H2Case['run']> =>
  async (dialogue) => {
    const updates = many(count(limitOf(dialogue.seen.settings)), (index) => [priorityUpdate(2 * index + 1, 'u=1')]);
    await dialogue.take(updates);
    return dialogue.finish();
  };

export default defineH2Cases([
  {
    id: 'h2/priority/depends-on-nothing-exclusively',
    title: 'HEADERS with a priority of the deprecated kind are answered',
    rfc: 'RFC9113#5.3.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(request(), { dependsOn: EXCLUSIVE })],
    ...answersWith([200]),
  },
  {
    id: 'h2/priority/depends-on-idle-stream',
    title: 'HEADERS that depend on an idle stream are answered',
    rfc: 'RFC9113#5.3.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(request(), { dependsOn: 99 })],
    ...answersWith([200]),
  },
  {
    id: 'h2/priority/depends-on-closed-stream',
    title: 'HEADERS that depend on a stream that is over are answered',
    rfc: 'RFC9113#5.3.2',
    level: 'MUST',
    needs: ['get'],
    frames: [headers(), concluded(1), headers(request(), { stream: 3, dependsOn: 1 })],
    ...answersWith([200], 3),
  },
  {
    id: 'h2/priority/depends-on-itself',
    title: 'HEADERS that depend on their own stream are answered, or an error of the stream',
    rfc: 'RFC9113#5.3.2',
    level: 'MAY',
    needs: ['get'],
    tags: ['deprecated'],
    why: WHY_SELF,
    frames: [headers(request(), { dependsOn: 1 })],
    ...eitherOf(answersWith([200]), endsStream('PROTOCOL_ERROR')),
  },
  {
    id: 'h2/priority/frame-depends-on-itself',
    title: 'A PRIORITY frame that makes a stream depend on itself is ignored, or an error of the stream',
    rfc: 'RFC9113#5.3.2',
    level: 'MAY',
    needs: ['echo'],
    tags: ['deprecated'],
    why: WHY_SELF,
    frames: [POST, priority(1, 1), data('{nonce}')],
    ...eitherOf(echoes(), endsStream('PROTOCOL_ERROR')),
  },
  {
    id: 'h2/priority/circle',
    title: 'PRIORITY frames that make three idle streams depend on each other do no harm',
    rfc: 'RFC9113#5.3.2',
    level: 'MUST',
    needs: [],
    why: 'PRIORITY can be received in any state (RFC9113#5.1).',
    frames: [priority(1, 3), priority(3, 5), priority(5, 1)],
    ...livesOn(),
  },
  ...[2, MAX_VALUE].map(
    (value): H2Case => ({
      id: `h2/priority/setting-${value}`,
      title: `SETTINGS_NO_RFC7540_PRIORITIES of ${value} ends the connection`,
      rfc: 'RFC9218#2.1',
      level: 'MUST',
      needs: ['priorities'],
      frames: [priorities(value)],
      ...endsConnection('PROTOCOL_ERROR'),
    }),
  ),
  {
    id: 'h2/priority/setting-again',
    title: 'SETTINGS_NO_RFC7540_PRIORITIES may be said again',
    rfc: 'RFC9218#2.1',
    level: 'MUST',
    needs: [],
    ...began(1),
    frames: [priorities(1)],
    ...livesOn(),
  },
  {
    id: 'h2/priority/setting-first-value-later',
    title: 'SETTINGS_NO_RFC7540_PRIORITIES of 0, said late, changes nothing',
    rfc: 'RFC9218#2.1',
    level: 'MUST',
    needs: [],
    frames: [priorities(0)],
    ...livesOn(),
  },
  ...[
    { slug: 'withdrawn', first: 1, last: 0 },
    { slug: 'raised', first: 0, last: 1 },
  ].map(
    ({ slug, first, last }): H2Case => ({
      id: `h2/priority/setting-${slug}`,
      title: `SETTINGS_NO_RFC7540_PRIORITIES that goes from ${first} to ${last} ends the connection at worst`,
      rfc: 'RFC9218#2.1',
      level: 'MAY',
      needs: [],
      ...began(first),
      frames: [priorities(last)],
      ...eitherOf(livesOn(), endsConnection('PROTOCOL_ERROR')),
    }),
  ),
  {
    id: 'h2/priority/old-signals-ignored',
    title: 'HEADERS that depend on their own stream are answered where the client has renounced such signals',
    rfc: 'RFC9218#2.1',
    level: 'MUST',
    needs: ['get', 'priorities'],
    why: 'A server that receives SETTINGS_NO_RFC7540_PRIORITIES of 1 ignores HTTP/2 priority signals, whatever they say.',
    ...began(1),
    frames: [headers(request(), { dependsOn: 1 })],
    ...answersWith([200]),
  },
  {
    id: 'h2/priority/old-frames-ignored',
    title:
      'A PRIORITY frame that makes a stream depend on itself is ignored where the client has renounced such signals',
    rfc: 'RFC9218#2.1',
    level: 'MUST',
    needs: ['echo', 'priorities'],
    ...began(1),
    frames: [POST, priority(1, 1), data('{nonce}')],
    ...echoes(),
  },
  ...PLACES.map((place): H2Case => ({ ...place, rfc: 'RFC9218#7.1', level: 'MUST', why: WHY_UNKNOWN })),
  ...VALUES.map(
    ({ slug, value }): H2Case => ({
      id: `h2/priority/update-${slug}`,
      title: `PRIORITY_UPDATE with the value "${value}" is taken`,
      rfc: 'RFC9218#4',
      level: 'MUST',
      needs: ['get'],
      why: 'Parameters that are unknown, out of range or of another type are ignored.',
      frames: [priorityUpdate(1, value), headers()],
      ...answersWith([200]),
    }),
  ),
  ...NONSENSE.map(
    ({ slug, value }): H2Case => ({
      id: `h2/priority/update-${slug}`,
      title: `PRIORITY_UPDATE whose value is no dictionary (${slug}) ends the connection at worst`,
      rfc: 'RFC9218#7',
      level: 'MAY',
      needs: ['get'],
      frames: [priorityUpdate(1, value), headers()],
      ...eitherOf(answersWith([200]), endsConnection('PROTOCOL_ERROR')),
    }),
  ),
  ...WRONG.map(
    ({ slug, says, frames }): H2Case => ({
      id: `h2/priority/update-${slug}`,
      title: `PRIORITY_UPDATE ${says} ends the connection`,
      rfc: 'RFC9218#7.1',
      level: 'MUST',
      needs: slug === 'on-open-stream' ? ['echo', 'priority-update'] : ['priority-update'],
      why: WHY_KNOWN,
      ...began(1),
      frames,
      ...endsConnection('PROTOCOL_ERROR'),
    }),
  ),
  ...[1, 3].map(
    (bytes): H2Case => ({
      id: `h2/priority/update-length-${bytes}`,
      title: `PRIORITY_UPDATE of ${bytes} octets, too few for a stream, ends the connection`,
      rfc: 'RFC9113#4.2',
      level: 'MUST',
      needs: ['priority-update'],
      why: WHY_KNOWN,
      ...began(1),
      frames: [raw(FRAME.PRIORITY_UPDATE, 0, 0, Buffer.alloc(bytes))],
      ...endsConnection('FRAME_SIZE_ERROR'),
    }),
  ),
  {
    id: 'h2/priority/update-as-many-as-streams',
    title: 'As many idle streams may have a priority as may be open',
    rfc: 'RFC9218#7.1',
    level: 'MUST',
    needs: ['stream-limit'],
    ...began(1),
    frames: [many(100, (index) => [priorityUpdate(2 * index + 1, 'u=1')])],
    run: prioritizes((limit) => limit),
    sentinel: 'none',
    ...livesOn(),
  },
  {
    id: 'h2/priority/update-more-than-streams',
    title: 'Priorities for more idle streams than may be open end the connection',
    rfc: 'RFC9218#7.1',
    level: 'MUST',
    needs: ['stream-limit', 'priority-update'],
    why: WHY_KNOWN,
    ...began(1),
    frames: [many(101, (index) => [priorityUpdate(2 * index + 1, 'u=1')])],
    run: prioritizes((limit) => limit + 1),
    ...endsConnection('PROTOCOL_ERROR'),
  },
  ...[...VALUES, ...NONSENSE].map(
    ({ slug, value }): H2Case => ({
      id: `h2/priority/field-${slug}`,
      title: `A request with the field Priority: "${slug === 'binary' ? 'octets above 0x7f' : value}" is answered`,
      rfc: 'RFC9218#4',
      level: 'MUST',
      needs: ['get'],
      why: 'Priorities are a suggestion; what cannot be read is none.',
      frames: [headers(request('/', [['priority', value]]))],
      ...answersWith([200]),
    }),
  ),
  {
    id: 'h2/priority/field-in-two-lines',
    title: 'A request with two Priority field lines is answered',
    rfc: 'RFC9218#4',
    level: 'MUST',
    needs: ['get'],
    frames: [
      headers(
        request('/', [
          ['priority', 'u=1'],
          ['priority', 'i'],
        ]),
      ),
    ],
    ...answersWith([200]),
  },
]);
