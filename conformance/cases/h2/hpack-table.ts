import {
  barrier,
  continuation,
  data,
  defineH2Cases,
  echoes,
  type H2Case,
  type H2Step,
  headers,
  indexed,
  literal,
  refusesBlock,
  request,
  rstStream,
  sizeUpdate,
} from '../../h2/define.ts';
import { asks, byIndex, ECHO, ECHO_BYTES, FRONT, keep, NEWEST, PATH, SMALL, SMALL_BYTES } from './hpack-echo.ts';

/** RFC7541#4: what is in the dynamic table, and for how long. */
interface Exchange {
  readonly slug: string;
  readonly title: string;
  readonly rfc: H2Case['rfc'];
  readonly frames: readonly H2Step[];
}

/** The last request, on stream 5, is understood. */
const KEPT: readonly Exchange[] = [
  {
    slug: 'entry-stays',
    title: 'An entry stays in the table from one request to the next',
    rfc: 'RFC7541#2.3.2',
    frames: [...asks(ECHO, 1), barrier, ...asks(indexed(NEWEST), 3), barrier, ...byIndex(NEWEST, 5)],
  },
  {
    slug: 'exact-fit',
    title: 'An entry as large as the whole table is kept',
    rfc: 'RFC7541#4.4',
    frames: [...asks(ECHO, 1, [sizeUpdate(ECHO_BYTES)]), barrier, ...byIndex(NEWEST, 5)],
  },
  {
    slug: 'exact-fit-huffman',
    title: 'The size of an entry is that of its octets, not of their Huffman code',
    rfc: 'RFC7541#4.1',
    frames: [
      ...asks(literal(':path', '/echo', { kind: 'indexing', huffman: true }), 1, [sizeUpdate(ECHO_BYTES)]),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'two-fit',
    title: 'Two entries that fill the table exactly are both kept',
    rfc: 'RFC7541#4.4',
    frames: [...asks(ECHO, 1, [sizeUpdate(ECHO_BYTES + SMALL_BYTES)], [SMALL]), barrier, ...byIndex(NEWEST + 1, 5)],
  },
  {
    slug: 'shrunk-keeps-newest',
    title: 'A table that shrinks loses its oldest entries and keeps the newest',
    rfc: 'RFC7541#4.3',
    frames: [
      headers([...request(), SMALL, SMALL, SMALL]),
      ...asks(ECHO, 3),
      barrier,
      ...asks(indexed(NEWEST), 5, [sizeUpdate(ECHO_BYTES)]),
    ],
  },
  {
    slug: 'grown-keeps-all',
    title: 'A table that grows keeps its entries',
    rfc: 'RFC7541#4.3',
    frames: [...asks(ECHO, 1, [sizeUpdate(100)]), barrier, ...asks(indexed(NEWEST), 5, [sizeUpdate(4_096)])],
  },
  {
    slug: 'emptied-takes-new',
    title: 'A table that was emptied by a size of 0 takes entries again once it has grown',
    rfc: 'RFC7541#4.2',
    frames: [
      headers([...request(), SMALL]),
      ...asks(ECHO, 3, [sizeUpdate(0), sizeUpdate(4_096)]),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'two-updates',
    title: 'Two size updates in front of a block are taken',
    rfc: 'RFC7541#4.2',
    frames: [...asks(ECHO, 1, [sizeUpdate(100), sizeUpdate(4_096)]), barrier, ...byIndex(NEWEST, 5)],
  },
  {
    slug: 'update-unchanged',
    title: 'A size update that changes nothing is taken',
    rfc: 'RFC7541#6.3',
    frames: [...asks(ECHO, 1), barrier, ...asks(indexed(NEWEST), 5, [sizeUpdate(4_096)])],
  },
  {
    slug: 'name-of-evicted',
    title: 'A literal may take its name from the entry that its own insertion evicts',
    rfc: 'RFC7541#4.4',
    frames: [
      headers([sizeUpdate(ECHO_BYTES), ...request().slice(0, 3), keep(PATH, '/x')]),
      ...asks(keep(NEWEST, '/echo'), 3),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'name-of-evicted-by-oversize',
    title: 'A literal that is too large for the table may take its name from the entry that it evicts',
    rfc: 'RFC7541#4.4',
    frames: [
      headers([sizeUpdate(ECHO_BYTES), ...request().slice(0, 3), keep(PATH, '/x')]),
      ...asks(keep(NEWEST, '/echo?1234567890'), 5),
    ],
  },
  {
    slug: 'oversize-is-no-error',
    title: 'A literal that is too large for the table empties it, and is no error',
    rfc: 'RFC7541#4.4',
    frames: [
      headers([sizeUpdate(100), ...request(), SMALL, keep('x-probe', 'v'.repeat(200))]),
      ...asks(ECHO, 3),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'evicts-as-needed',
    title: 'No more entries are evicted than a new one needs',
    rfc: 'RFC7541#4.4',
    frames: [
      headers([sizeUpdate(ECHO_BYTES + 2 * SMALL_BYTES), ...request(), SMALL]),
      ...asks(ECHO, 3, [], [SMALL, SMALL]),
      barrier,
      ...byIndex(NEWEST + 2, 5),
    ],
  },
  {
    slug: 'in-continuation',
    title: 'An entry that is cut in pieces by CONTINUATION is kept',
    rfc: 'RFC9113#4.3',
    frames: [
      headers([...FRONT, ECHO.subarray(0, 1)], { endHeaders: false, end: false }),
      continuation([ECHO.subarray(1, 4)], { endHeaders: false }),
      continuation([ECHO.subarray(4)]),
      data('{nonce}'),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'in-trailers',
    title: 'An entry that comes in trailers is kept',
    rfc: 'RFC9113#4.3',
    frames: [
      headers([...FRONT, [':path', '/echo']], { end: false }),
      data('{nonce}', { end: false }),
      headers([keep('x-first', '1')]),
      ...asks(ECHO, 3, [], [indexed(NEWEST + 1)]),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'update-in-trailers',
    title: 'A size update in front of trailers is taken',
    rfc: 'RFC7541#4.2',
    frames: [
      ...asks(ECHO, 1),
      headers([...FRONT, indexed(NEWEST)], { stream: 3, end: false }),
      data('{nonce}', { stream: 3, end: false }),
      headers([sizeUpdate(ECHO_BYTES), ['x-probe', '1']], { stream: 3 }),
      barrier,
      ...byIndex(NEWEST, 5),
    ],
  },
  {
    slug: 'reset-stream',
    title: 'What a stream put into the table outlives its reset',
    rfc: 'RFC9113#4.3',
    frames: [headers([...FRONT, ECHO], { end: false }), rstStream(), barrier, ...byIndex(NEWEST, 5)],
  },
];

/** An entry that is gone: its index ends the connection. */
const GONE: readonly Exchange[] = [
  {
    slug: 'too-large-by-one',
    title: 'An entry one octet larger than the table is not in it',
    rfc: 'RFC7541#4.4',
    frames: [...asks(ECHO, 1, [sizeUpdate(ECHO_BYTES - 1)]), barrier, ...byIndex(NEWEST, 3)],
  },
  {
    slug: 'evicted-oldest',
    title: 'The oldest entry is evicted by one that does not fit beside it',
    rfc: 'RFC7541#4.4',
    frames: [...asks(ECHO, 1, [sizeUpdate(ECHO_BYTES + SMALL_BYTES - 1)], [SMALL]), barrier, ...byIndex(NEWEST + 1, 3)],
  },
  {
    slug: 'evicted-by-oversize',
    title: 'An entry that is too large for the table leaves it empty',
    rfc: 'RFC7541#4.4',
    frames: [...asks(ECHO, 1, [sizeUpdate(100)], [keep('x-probe', 'v'.repeat(200))]), barrier, ...byIndex(NEWEST, 3)],
  },
  {
    slug: 'evicted-by-update',
    title: 'A size update to 0 and back empties the table',
    rfc: 'RFC7541#4.3',
    frames: [...asks(ECHO, 1), barrier, ...asks(indexed(NEWEST), 3, [sizeUpdate(0), sizeUpdate(4_096)])],
  },
  {
    slug: 'evicted-by-shrinking',
    title: 'A size update below the size of an entry evicts it',
    rfc: 'RFC7541#4.3',
    frames: [...asks(ECHO, 1), barrier, ...asks(indexed(NEWEST), 3, [sizeUpdate(ECHO_BYTES - 1)])],
  },
  {
    slug: 'none-in-table-of-0',
    title: 'A table of size 0 keeps nothing',
    rfc: 'RFC7541#4.4',
    frames: [...asks(ECHO, 1, [sizeUpdate(0)]), barrier, ...byIndex(NEWEST, 3)],
  },
];

export default defineH2Cases([
  ...KEPT.map(
    ({ slug, title, rfc, frames }) =>
      ({
        id: `h2/hpack-table/${slug}`,
        title,
        rfc,
        level: 'MUST',
        needs: ['echo', 'table-4096'],
        frames,
        ...echoes('{nonce}', 5),
      }) as const,
  ),
  ...GONE.map(
    ({ slug, title, rfc, frames }) =>
      ({
        id: `h2/hpack-table/${slug}`,
        title: `${title}: its index ends the connection`,
        rfc,
        level: 'MUST',
        needs: ['get', 'table-4096'],
        frames,
        ...refusesBlock(),
      }) as const,
  ),
]);
