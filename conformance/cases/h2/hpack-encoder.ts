import {
  concluded,
  defineH2Cases,
  type H2Control,
  type H2Observation,
  type H2Phase,
  type H2Step,
  h2Server,
  headers,
  indexed,
  inTurns,
  literal,
  request,
  response,
  SETTING,
  settings,
  shows,
  sizeUpdate,
  streamOf,
  toEach,
} from '../../h2/define.ts';

/** RFC9113#4.3.1 and RFC7541#4.2: what the target's own encoder may do once it has acknowledged our SETTINGS_HEADER_TABLE_SIZE. */
const TABLE = SETTING.HEADER_TABLE_SIZE;
const FIRST_SIZE = 4_096;
const MAX_SIZE = 2 ** 32 - 1;
/** First index of the dynamic table. */
const NEWEST = 62;

/** A request, waited for, on each of these streams. */
const gets = (...streams: readonly number[]): readonly H2Step[] =>
  streams.flatMap((stream) => [headers(request('/', [['x-probe', `${stream}`]]), { stream }), concluded(stream)]);

/** The response to `gets`, one phase for each wait. */
const ok = (stream: number, ...front: readonly Buffer[]): H2Phase => [
  headers([...front, [':status', '200']], { stream }),
];
const KEEPS = literal('x-kept', 'v'.repeat(40), { kind: 'indexing' });
/** What it takes in a table (RFC7541#4.1). */
const KEPT_BYTES = 'x-kept'.length + 40 + 32;

/** A control whose case has waits alone; the closing barrier gets nothing more. */
const speaks = (name: string, ...phases: readonly H2Phase[]): H2Control => h2Server(name, [...phases, []]);

/** Every response is whole, and no block was more than its table allows. */
function decodes(...streams: readonly number[]) {
  return ({ problems, streams: seen }: H2Observation): string | undefined => {
    const problem = problems.find((one) => one.includes('field block'));
    if (problem !== undefined) return problem;
    const missing = streams.find((id) => seen.get(id)?.response?.complete !== true);
    return missing === undefined ? undefined : `stream ${missing} has no whole response`;
  };
}

const SAYS = 'keeps to the table size that it has acknowledged';

/** Responses of the last case. */
const MANY = 20;

/** Sizes that the preface announces, all below the first size. */
const SMALLER = [0, 64, 100, 4_095] as const;
const LARGER = [4_097, 65_536, MAX_SIZE] as const;

export default defineH2Cases([
  {
    id: 'h2/hpack-encoder/first-size',
    title: 'Where nothing is announced, the table of responses has 4,096 octets, and all blocks can be read',
    rfc: 'RFC9113#4.3.1',
    level: 'MUST',
    needs: ['get'],
    frames: [...gets(1, 3, 5, 7)],
    ...shows(
      SAYS,
      decodes(1, 3, 5, 7),
      [
        speaks('indexes nothing', ok(1), ok(3), ok(5), ok(7)),
        speaks('indexes', ok(1, KEEPS), ok(3, indexed(NEWEST)), ok(5), ok(7)),
      ],
      [
        speaks('names no entry', ok(1), ok(3, indexed(NEWEST)), ok(5), ok(7)),
        speaks('enlarges the table', ok(1, sizeUpdate(FIRST_SIZE + 1)), ok(3), ok(5), ok(7)),
        speaks(
          'cuts a block short',
          ok(1),
          [headers([[':status', '200'], Buffer.from([0x40])], { stream: 3 })],
          ok(5),
          ok(7),
        ),
      ],
    ),
  },
  ...SMALLER.map(
    (size) =>
      ({
        id: `h2/hpack-encoder/preface-${size}`,
        title: `Responses keep to a table of ${size} octets where the preface announces it`,
        rfc: 'RFC9113#4.3.1',
        level: 'MUST',
        needs: ['get'],
        why: 'The table is empty when the limit comes, so that a server that puts nothing into it need not say anything.',
        handshake: [[TABLE, size]],
        frames: [...gets(1, 3)],
        ...shows(
          SAYS,
          decodes(1, 3),
          [
            speaks('tells the size', ok(1, sizeUpdate(size)), ok(3)),
            speaks('has an empty table', ok(1), ok(3)),
            speaks('uses the table that there is', ok(1, sizeUpdate(size), KEEPS), ok(3)),
          ],
          [
            speaks('tells a larger size', ok(1, sizeUpdate(size + 1)), ok(3)),
            ...(size < KEPT_BYTES ? [speaks('fills a larger table', ok(1, KEEPS), ok(3))] : []),
          ],
        ),
      }) as const,
  ),
  ...LARGER.map(
    (size) =>
      ({
        id: `h2/hpack-encoder/preface-${size}`,
        title: `A table of ${size} octets is used only behind a size update that says so`,
        rfc: 'RFC7541#4.2',
        level: 'MUST',
        needs: ['get'],
        handshake: [[TABLE, size]],
        frames: [...gets(1, 3, 5)],
        ...shows(
          SAYS,
          decodes(1, 3, 5),
          [
            speaks('stays with the first size', ok(1), ok(3), ok(5)),
            speaks('tells the size', ok(1, sizeUpdate(size)), ok(3), ok(5)),
          ],
          size === MAX_SIZE
            ? speaks('names no entry', ok(1, sizeUpdate(size)), ok(3, indexed(NEWEST)), ok(5))
            : speaks('tells a larger size', ok(1, sizeUpdate(size + 1)), ok(3), ok(5)),
        ),
      }) as const,
  ),
  ...[0, 64].map(
    (size) =>
      ({
        id: `h2/hpack-encoder/shrunk-to-${size}`,
        title: `A table that shrinks to ${size} octets in the middle of a connection is told by the next block`,
        rfc: 'RFC9113#4.3.1',
        level: 'MUST',
        needs: ['get'],
        why: 'Two responses come first, so that the table holds whatever the server puts into it.',
        frames: [...gets(1, 3), settings([[TABLE, size]]), ...gets(5, 7)],
        ...shows(
          SAYS,
          decodes(1, 3, 5, 7),
          [
            speaks('tells the size', ok(1, KEEPS), ok(3), acknowledged(ok(5, sizeUpdate(size))), ok(7)),
            speaks('has an empty table', ok(1), ok(3), acknowledged(ok(5)), ok(7)),
          ],
          [
            speaks('tells nothing', ok(1, KEEPS), ok(3), acknowledged(ok(5)), ok(7)),
            speaks('tells the size too late', ok(1, KEEPS), ok(3), acknowledged(ok(5)), ok(7, sizeUpdate(size))),
            speaks('tells another size', ok(1, KEEPS), ok(3), acknowledged(ok(5, sizeUpdate(size + 1))), ok(7)),
          ],
        ),
      }) as const,
  ),
  {
    id: 'h2/hpack-encoder/shrunk-and-restored',
    title: 'A table that shrinks to 0 and grows again between two blocks has both told, or stays small',
    rfc: 'RFC7541#4.2',
    level: 'MUST',
    needs: ['get'],
    why: 'The smallest size in between has to be told, so that both sides have emptied the table.',
    frames: [...gets(1, 3), settings([[TABLE, 0]]), settings([[TABLE, FIRST_SIZE]]), ...gets(5, 7)],
    ...shows(
      SAYS,
      decodes(1, 3, 5, 7),
      [
        speaks(
          'tells both',
          ok(1, KEEPS),
          ok(3),
          acknowledged(acknowledged(ok(5, sizeUpdate(0), sizeUpdate(FIRST_SIZE)))),
          ok(7),
        ),
        speaks('stays small', ok(1, KEEPS), ok(3), acknowledged(acknowledged(ok(5, sizeUpdate(0)))), ok(7)),
        speaks('has an empty table', ok(1), ok(3), acknowledged(acknowledged(ok(5))), ok(7)),
      ],
      [
        speaks('tells nothing', ok(1, KEEPS), ok(3), acknowledged(acknowledged(ok(5))), ok(7)),
        speaks(
          'tells the last size alone',
          ok(1, KEEPS),
          ok(3),
          acknowledged(acknowledged(ok(5, sizeUpdate(FIRST_SIZE)))),
          ok(7),
        ),
      ],
    ),
  },
  {
    id: 'h2/hpack-encoder/grown',
    title: 'A table that grows in the middle of a connection keeps its entries, and is used only behind a size update',
    rfc: 'RFC7541#4.2',
    level: 'MUST',
    needs: ['get'],
    frames: [...gets(1, 3), settings([[TABLE, 65_536]]), ...gets(5, 7)],
    ...shows(
      SAYS,
      decodes(1, 3, 5, 7),
      [
        speaks('stays with the first size', ok(1), ok(3), acknowledged(ok(5)), ok(7)),
        speaks('tells the size', ok(1), ok(3), acknowledged(ok(5, sizeUpdate(65_536))), ok(7)),
      ],
      speaks('tells a larger size', ok(1), ok(3), acknowledged(ok(5, sizeUpdate(65_537))), ok(7)),
    ),
  },
  {
    id: 'h2/hpack-encoder/many-responses',
    title: 'The blocks of many responses of all kinds can be read',
    rfc: 'RFC9113#4.3',
    level: 'MUST',
    needs: ['get', 'streams-64'],
    why: 'Each block is decoded with a table of our own: an index that is off by one, a code that is wrong or a size that is missed shows.',
    ...inTurns(
      Array.from({ length: MANY }, (_, index) =>
        headers(request(index % 3 === 2 ? `/no-such-${index}` : '/', [], index % 4 === 3 ? 'HEAD' : 'GET'), {
          stream: streamOf(index),
        }),
      ),
    ),
    ...shows(
      'sends blocks that can be read',
      decodes(...Array.from({ length: MANY }, (_, index) => streamOf(index))),
      h2Server(
        'answers all',
        toEach(MANY, (stream) => response(404, '', stream)),
      ),
      [
        h2Server(
          'answers but one',
          toEach(MANY, (stream) => (stream === 1 ? [] : response(404, '', stream))),
        ),
        h2Server(
          'pads a Huffman code with zeros',
          toEach(MANY, (stream) => [
            headers([[':status', '404'], Buffer.from('\x00\x81\x18\x01v', 'latin1')], { stream }),
          ]),
        ),
      ],
    ),
  },
]);

/** The acknowledgement of SETTINGS, and what follows it. */
function acknowledged(phase: H2Phase): H2Phase {
  return [settings([], 1), ...phase];
}
