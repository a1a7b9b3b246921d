import {
  concluded,
  continuation,
  defineH2Cases,
  eitherOf,
  endsConnection,
  endsStream,
  FLAG,
  FRAME,
  headers,
  raw,
  request,
  SETTING,
} from '../../h2/define.ts';
import { uint32 } from '../../wire/h2/frames.ts';

/** A promise of a GET: three indexed fields, and `:authority` with the value x. */
const BLOCK = Buffer.from([0x82, 0x84, 0x86, 0x41, 0x01, 0x78]);
const WHY = 'A client cannot push: whatever the frame holds, the connection is over.';

const promise = (stream: number, promised: number, flags: number = FLAG.END_HEADERS) =>
  raw(FRAME.PUSH_PROMISE, flags, stream, Buffer.concat([uint32(promised), BLOCK]));
const open = headers(request('/echo', [], 'POST'), { end: false });

/** What is sent, on which stream. */
const PROMISES = [
  { slug: 'of-stream-2', says: 'a stream of the server', frames: [open, promise(1, 2)] },
  { slug: 'of-stream-3', says: 'a stream of the client', frames: [open, promise(1, 3)] },
  { slug: 'of-stream-0', says: 'stream 0', frames: [open, promise(1, 0)] },
  { slug: 'of-itself', says: 'the stream it stands on', frames: [open, promise(1, 1)] },
] as const;

export default defineH2Cases([
  ...PROMISES.map(
    ({ slug, says, frames }) =>
      ({
        id: `h2/push/${slug}`,
        title: `PUSH_PROMISE of a client on an open stream, of ${says}, ends the connection`,
        rfc: 'RFC9113#8.4',
        level: 'MUST',
        needs: ['echo'],
        why: WHY,
        frames,
        ...endsConnection('PROTOCOL_ERROR'),
      }) as const,
  ),
  {
    id: 'h2/push/on-stream-0',
    title: 'PUSH_PROMISE on stream 0 ends the connection',
    rfc: 'RFC9113#6.6',
    level: 'MUST',
    needs: [],
    frames: [promise(0, 2)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/push/on-idle-stream',
    title: 'PUSH_PROMISE on an idle stream ends the connection',
    rfc: 'RFC9113#8.4',
    level: 'MUST',
    needs: [],
    why: WHY,
    frames: [promise(1, 2)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/push/on-half-closed-stream',
    title: 'PUSH_PROMISE behind END_STREAM ends the connection',
    rfc: 'RFC9113#8.4',
    level: 'MUST',
    needs: [],
    why: `${WHY} A frame behind END_STREAM is also an error of its stream, STREAM_CLOSED (RFC9113#5.1), and either may be reported (RFC9113#5.4).`,
    handshake: [[SETTING.INITIAL_WINDOW_SIZE, 0]],
    frames: [headers(), promise(1, 2)],
    sentinel: 'none',
    ...eitherOf(endsConnection('PROTOCOL_ERROR'), endsStream('STREAM_CLOSED')),
  },
  {
    id: 'h2/push/on-closed-stream',
    title: 'PUSH_PROMISE on a stream that is over ends the connection',
    rfc: 'RFC9113#8.4',
    level: 'MUST',
    needs: [],
    why: WHY,
    frames: [headers(), concluded(1), promise(1, 2)],
    ...endsConnection('PROTOCOL_ERROR', 'STREAM_CLOSED'),
  },
  {
    id: 'h2/push/enabled',
    title: 'PUSH_PROMISE ends the connection though SETTINGS_ENABLE_PUSH is 1',
    rfc: 'RFC9113#8.4',
    level: 'MUST',
    needs: ['echo'],
    why: 'The setting of the client lets the server push, not the client.',
    handshake: [[SETTING.ENABLE_PUSH, 1]],
    frames: [open, promise(1, 2)],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/push/in-pieces',
    title: 'PUSH_PROMISE with CONTINUATION behind it ends the connection',
    rfc: 'RFC9113#8.4',
    level: 'MUST',
    needs: ['echo'],
    why: WHY,
    frames: [open, promise(1, 2, 0), continuation([Buffer.from([0x84])])],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  {
    id: 'h2/push/padded',
    title: 'PUSH_PROMISE with padding ends the connection',
    rfc: 'RFC9113#8.4',
    level: 'MUST',
    needs: ['echo'],
    why: WHY,
    frames: [
      open,
      raw(
        FRAME.PUSH_PROMISE,
        FLAG.END_HEADERS | FLAG.PADDED,
        1,
        Buffer.concat([Buffer.from([4]), uint32(2), BLOCK, Buffer.alloc(4)]),
      ),
    ],
    ...endsConnection('PROTOCOL_ERROR'),
  },
  ...[0, 3].map(
    (bytes) =>
      ({
        id: `h2/push/length-${bytes}`,
        title: `PUSH_PROMISE of ${bytes} octets ends the connection`,
        rfc: 'RFC9113#8.4',
        level: 'MUST',
        needs: ['echo'],
        why: `${WHY} It is also too short for what it has to hold (RFC9113#4.2).`,
        frames: [open, raw(FRAME.PUSH_PROMISE, FLAG.END_HEADERS, 1, Buffer.alloc(bytes))],
        ...endsConnection('PROTOCOL_ERROR', 'FRAME_SIZE_ERROR'),
      }) as const,
  ),
]);
