import {
  type Block,
  barrier,
  concluded,
  connectionError,
  continuation,
  defineH2Cases,
  echoed,
  FRAME,
  goaway,
  goesAway,
  h2Server,
  headers,
  request,
  resetsStream,
  responds,
  response,
  rstStream,
  seenAtEnd,
} from '../../h2/define.ts';
import { byIndex, ECHO, FRONT, keep, NEWEST, PATH } from './hpack-echo.ts';

/** RFC9113#4.3: the table is the connection's; whatever becomes of a request, what its block put into the table stays. */
/** Malformed requests that put `:path: /echo` into the table: the connection may go, but where it stays, the entry stays. */
const REJECTED: readonly { readonly slug: string; readonly says: string; readonly block: Block }[] = [
  { slug: 'upper-case', says: 'an upper-case name', block: [...FRONT, ECHO, ['X-Probe', '1']] },
  {
    slug: 'unknown-first',
    says: 'an unknown pseudo-field in front of the entry',
    block: [[':unknown', '1'], ...FRONT, ECHO],
  },
  { slug: 'connection-field', says: 'a connection field', block: [...FRONT, ECHO, ['connection', 'close']] },
  { slug: 'pseudo-late', says: 'the entry behind a regular field', block: [...FRONT, ['x-probe', '1'], ECHO] },
  { slug: 'no-method', says: 'no :method', block: [...FRONT.slice(1), ECHO] },
  { slug: 'bad-length', says: 'a content-length that is wrong', block: [...FRONT, ECHO, ['content-length', '7']] },
];

/** More than most servers take in one list: 70 fields of 1,000 octets. */
const LARGE: Block = Array.from({ length: 70 }, () => ['x-large', 'v'.repeat(1_000)] as const);

export default defineH2Cases([
  ...REJECTED.map(
    ({ slug, says, block }) =>
      ({
        id: `h2/hpack-table/rejected-${slug}`,
        title: `What a request with ${says} put into the table outlives its refusal`,
        rfc: 'RFC9113#4.3',
        level: 'MUST',
        needs: ['echo', 'table-4096'],
        why: 'A server may end the connection of a malformed request; one that lets it live has to keep the table in step.',
        frames: [headers(block), barrier, ...byIndex(NEWEST, 3)],
        allow: [echoed('{nonce}', 3), ...connectionError('PROTOCOL_ERROR')],
        controls: {
          pass: [responds(200, '{nonce}', 3), goesAway('PROTOCOL_ERROR')],
          fail: [responds(404, '', 3), goesAway('COMPRESSION_ERROR'), resetsStream('PROTOCOL_ERROR', 3)],
        },
      }) as const,
  ),
  {
    id: 'h2/hpack-table/on-refused-stream',
    title: 'A block on a stream that the server has reset is decompressed all the same',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: ['echo', 'table-4096'],
    why: 'Frames that are discarded still change the state of the table. A server may take them for an error of the connection instead (RFC9113#5.1).',
    frames: [
      headers([...request(), ['X-Probe', '1']], { end: false }),
      concluded(),
      headers([keep(PATH, '/echo')]),
      barrier,
      ...byIndex(NEWEST, 3),
    ],
    allow: [echoed('{nonce}', 3), ...connectionError('STREAM_CLOSED', 'PROTOCOL_ERROR')],
    controls: {
      pass: [
        h2Server('resets, then echoes', [[rstStream('PROTOCOL_ERROR')], [], response(200, '{nonce}', 3)]),
        h2Server('resets, then goes', [[rstStream('PROTOCOL_ERROR')], [], [goaway('STREAM_CLOSED', 1)]], {
          ending: 'close',
        }),
      ],
      fail: [
        h2Server('has lost the entry', [[rstStream('PROTOCOL_ERROR')], [], [goaway('COMPRESSION_ERROR', 3)]], {
          ending: 'close',
        }),
        h2Server('takes another path', [[rstStream('PROTOCOL_ERROR')], [], response(404, '', 3)]),
      ],
    },
  },
  {
    id: 'h2/hpack-table/too-large-list',
    title: 'What a field list that is too large put into the table outlives its refusal, where the connection does',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: ['echo', 'table-4096'],
    why: 'Who does not decompress a block to its end has to end the connection; who lets it live has to have kept the table in step.',
    frames: [
      headers([...FRONT, ...LARGE.slice(0, 14)], { endHeaders: false }),
      ...[14, 28, 42, 56].map((from) => continuation(LARGE.slice(from, from + 14), { endHeaders: false })),
      continuation([ECHO]),
      barrier,
      ...byIndex(NEWEST, 3),
    ],
    allow: [
      echoed('{nonce}', 3),
      seenAtEnd('ends the connection in face of the large list', ({ connection, frames }) => {
        if (connection === 'open' || connection === 'silent') return 'the entry was lost';
        const answer = frames.find(({ type, flags }) => type === FRAME.GOAWAY || (type === FRAME.PING && flags > 0));
        return answer?.type === FRAME.PING ? 'it had let the large list pass' : undefined;
      }),
    ],
    controls: {
      pass: [
        responds(200, '{nonce}', 3),
        h2Server('goes away at once', [[goaway('ENHANCE_YOUR_CALM')], []], { ending: 'close' }),
      ],
      fail: [responds(404, '', 3), goesAway('COMPRESSION_ERROR')],
    },
  },
]);
