import t from 'tap';
import { fromLatin1 } from '../bytes/latin1.ts';
import { HpackDecoder } from '../hpack/decoder.ts';
import { Peer, type Script } from './peer.test.data.ts';
import { headers, hello, indexed, literal, PREFACE, request, SETTINGS_ACK, settings } from './wire.test.data.ts';

const GET_HTTP = '\x82\x86';
const answers: Script = (event, peer) => void (event.kind === 'request' && peer.answer(event.exchange));

/** Sends each of `blocks` as a request and says what became of them. */
function told(peer: Peer, first: number, ...blocks: readonly string[]): string[] {
  blocks.forEach((block, i) => void peer.receive(headers(first + 2 * i, block)));
  return peer.told.splice(0).filter((line) => !line.startsWith('end'));
}

t.test('a block that comes again is the same request, until the table says otherwise', async (t) => {
  const peer = new Peer(answers).receive(hello());
  const opening = `${GET_HTTP}${indexed([':path', '/one'])}${indexed([':authority', 'a'])}`;
  const again = `${GET_HTTP}\xbf\xbe`;
  t.same(
    told(peer, 1, opening, again, again, again),
    [1, 3, 5, 7].map((id) => `request ${id} GET /one`),
  );
  const moving = `${GET_HTTP}${indexed([':path', '/two'])}\xbf`;
  t.same(
    told(peer, 9, moving, again, again, again),
    [9, 11, 13, 15].map((id) => `request ${id} GET /two`),
  );
  t.same(told(peer, 17, `\x20${GET_HTTP}${literal([':path', '/'])}${literal([':authority', 'a'])}`, again), [
    'request 17 GET /',
    'error HPACK_INDEX_RANGE',
  ]);
});

t.test('a size update that has become due is due for a known block too (RFC9113#4.3.1)', async (t) => {
  const peer = new Peer(answers, { limits: { headerTableBytes: 0 } }).receive(PREFACE + settings());
  const block = request('GET', '/');
  t.same(
    told(peer, 1, block, block, block),
    [1, 3, 5].map((id) => `request ${id} GET /`),
  );
  peer.receive(SETTINGS_ACK);
  t.same(told(peer, 7, block), ['error HPACK_SIZE_UPDATE_MISSING']);
});

t.test('seeded walks: what is told is what a decoder without memory reads', async (t) => {
  const seed = 7;
  let state = seed;
  const pick = <T>(list: readonly [T, ...T[]]): T => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return list[(state >>> 16) % list.length] ?? list[0];
  };
  const peer = new Peer(answers).receive(hello());
  const decoder = new HpackDecoder({ tableBytes: 4_096, listBytes: 65_536, fieldCount: 100 });
  let length = 0;
  for (let id = 1; id < 4_000; id += 2) {
    // Every entry of the table is a path, and old ones leave it
    const path =
      length === 0 || pick([0, 0, 0, 0, 0, 0, 0, 1]) === 1
        ? indexed([':path', `/${pick(['a', 'b', 'c'])}${id % 10}`])
        : String.fromCharCode(0xbe + (pick([0, 1, 2, 3, 4, 5]) % length));
    if (path.length > 1) length += 1;
    const block = `${GET_HTTP}${path}${literal([':authority', pick(['a', 'b'])])}`;
    const list = decoder.decode(fromLatin1(block));
    if ('code' in list) throw new Error(`seed ${seed}: ${list.code}`);
    const expected = list.fields.find(({ name }) => name === ':path')?.value;
    const said = told(peer, id, block).join();
    if (said !== `request ${id} GET ${expected}`) t.fail(`seed ${seed}, stream ${id}: ${said}, not ${expected}`);
  }
  t.equal(peer.errors.length, 0);
  t.equal(peer.connection.openExchanges, 0);
});
