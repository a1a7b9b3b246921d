import {
  barrier,
  type Due,
  data,
  defineH2Cases,
  eitherOf,
  endsConnection,
  FLAG,
  type H2Dialogue,
  type H2Observation,
  type H2Phase,
  type H2Step,
  h2Server,
  head,
  headers,
  many,
  request,
  rstStream,
  SETTING,
  seen,
  settings,
  shows,
  windowUpdate,
} from '../../h2/define.ts';

const FIRST_WINDOW = 65_535;
const FRAME_BYTES = 16_384;
/** More than two windows that nobody has changed. */
const UPLOAD = 150_000;
/** A connection window above this is not used up. */
const MOST = 3_000_000;
/** A window of a stream above this is not used up, with content and with padding. */
const MOST_CONTENT = 600_000;
const MOST_PADDING = 300_000;
const MOST_STREAMS = 100;
/** An octet, its padding, and the length of that. */
const PADDED_BYTES = 257;
/** Frames of one write. */
const BATCH = 64;
const STARVED = 'no credit came back for what was sent';

/** Content that keeps to the target's windows. */
class Upload {
  readonly #dialogue: H2Dialogue;
  readonly #sent = new Map<number, number>();
  #total = 0;

  constructor(dialogue: H2Dialogue) {
    this.#dialogue = dialogue;
  }

  get total(): number {
    return this.#total;
  }

  /** Half as much again as the window of the connection, where that can be used up. */
  get enough(): number {
    const window = FIRST_WINDOW + this.#dialogue.seen.credit;
    return window > MOST ? UPLOAD : Math.max(UPLOAD, window * 1.5);
  }

  /** What may be sent on this stream now. */
  room(stream: number, { settings: theirs, streams, credit }: H2Observation = this.#dialogue.seen): number {
    const initial = theirs.get(SETTING.INITIAL_WINDOW_SIZE) ?? FIRST_WINDOW;
    const ofStream = initial + (streams.get(stream)?.credit ?? 0) - (this.#sent.get(stream) ?? 0);
    return Math.min(ofStream, FIRST_WINDOW + credit - this.#total);
  }

  /**
   * Sends DATA as far as there is room. Returns false where credit stopped coming; a stream that the target has ended takes no more, which
   * is its right.
   */
  async send(stream: number, bytes: number): Promise<boolean> {
    for (let left = bytes; left > 0; ) {
      const room = await this.#wait(stream, 1);
      if (room === undefined) return true;
      const part = Math.min(left, FRAME_BYTES, room);
      if (part <= 0) return false;
      await this.#put(stream, part, data('x'.repeat(part), { stream, end: false }));
      left -= part;
    }
    return true;
  }

  /** The same with an octet and the most padding in each of so many frames. */
  async sendPadded(stream: number, frames: number): Promise<boolean> {
    for (let left = frames; left > 0; ) {
      const room = await this.#wait(stream, PADDED_BYTES);
      if (room === undefined) return true;
      const count = Math.min(left, BATCH, Math.floor(room / PADDED_BYTES));
      if (count <= 0) return false;
      await this.#put(
        stream,
        count * PADDED_BYTES,
        many(count, () => [data('x', { stream, pad: 255, end: false })]),
      );
      left -= count;
    }
    return true;
  }

  /** Waits for so much room; undefined where the stream is over. */
  async #wait(stream: number, bytes: number): Promise<number | undefined> {
    const isOver = ({ streams, goaways }: H2Observation) => {
      const known = streams.get(stream);
      return goaways.length > 0 || known?.reset !== undefined || known?.response?.complete === true;
    };
    await this.#dialogue.until((now) => isOver(now) || this.room(stream, now) >= bytes);
    return isOver(this.#dialogue.seen) ? undefined : this.room(stream);
  }

  async #put(stream: number, bytes: number, step: H2Step): Promise<void> {
    await this.#dialogue.take(step);
    this.#sent.set(stream, (this.#sent.get(stream) ?? 0) + bytes);
    this.#total += bytes;
  }
}

/** The end of a dialogue in which credit ran out, or did not. */
async function ended(dialogue: H2Dialogue, hasCredit: boolean): Promise<H2Observation> {
  if (hasCredit) return dialogue.finish();
  const { pongs } = dialogue.seen;
  await dialogue.take(barrier);
  const { seen } = dialogue;
  const connection = seen.pongs.length > pongs.length ? 'open' : seen.connection;
  return { ...seen, connection, problems: [STARVED] };
}

/** One stream after the other, each begun by `begin`, then so many octets, then `last`, until more than a window was sent. */
function manyStreams(
  begin: (stream: number) => H2Step,
  bytes: number,
  last?: (stream: number) => H2Step,
  most = MOST_STREAMS,
) {
  return async (dialogue: H2Dialogue) => {
    await dialogue.take(barrier);
    const upload = new Upload(dialogue);
    const { enough } = upload;
    for (let id = 1; upload.total < enough && id < 2 * most; id += 2) {
      await dialogue.take(begin(id));
      if (!(await upload.send(id, bytes))) return ended(dialogue, false);
      if (last !== undefined) await dialogue.take(last(id));
      if (dialogue.seen.goaways.length > 0) break;
    }
    return dialogue.finish();
  };
}

const ROOMY = [settings([[SETTING.INITIAL_WINDOW_SIZE, 2 ** 20]]), settings([], FLAG.ACK), windowUpdate(MOST)] as const;

/** Credit comes back, and in the end there is what is due. */
function givesBack(says: string, complaint: (all: H2Observation) => string | undefined, answer: H2Phase = []): Due {
  return {
    allow: [seen(says, (all) => (all.problems.includes(STARVED) ? STARVED : complaint(all)))],
    controls: {
      pass: h2Server('gives credit', [[], answer], { front: ROOMY }),
      fail: h2Server('gives no credit', [[], answer]),
    },
  };
}

/** What was sent comes back, from its first octet to the three of its end. */
function allOf({ streams }: H2Observation): string | undefined {
  const text = streams.get(1)?.response?.content.toString('latin1');
  return text !== undefined && /^x+end$/.test(text) ? undefined : 'what was sent did not come back';
}

const POST = request('/echo', [], 'POST');
const post = (id: number) => headers(POST, { stream: id, end: false });
const CREDITED = givesBack('gives back the credit, and serves on', () => undefined);
/** Room for what comes back. */
const WIDE = { handshake: [[SETTING.INITIAL_WINDOW_SIZE, 2 ** 20] as const] } as const;
const WHY =
  'When credit is given is for the receiver to decide (RFC9113#5.2.1), but without any the connection comes to a stop. All that is sent keeps to the windows.';

export default defineH2Cases([
  {
    id: 'h2/flow/credit-for-content',
    title: 'Content that is longer than both windows is taken: credit comes as it is read',
    rfc: 'RFC9113#6.9.1',
    level: 'SHOULD',
    needs: ['echo'],
    why: WHY,
    ...WIDE,
    frames: [windowUpdate(2 ** 20), post(1), data('x'.repeat(FRAME_BYTES), { end: false })],
    run: async (dialogue) => {
      await dialogue.take(windowUpdate(2 ** 20), post(1), barrier);
      const upload = new Upload(dialogue);
      const window = upload.room(1);
      const hasCredit = await upload.send(
        1,
        window > MOST_CONTENT ? UPLOAD : Math.max(UPLOAD, Math.ceil(1.2 * window)),
      );
      if (hasCredit) await dialogue.take(data('end'));
      return ended(dialogue, hasCredit);
    },
    awaits: [1],
    ...givesBack('gives credit as it takes content, and answers with all of it', allOf, [...head(), data('xxxend')]),
  },
  {
    id: 'h2/flow/credit-overflow',
    title: 'What is given back for content makes no window larger than 2^31-1',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['echo'],
    why: 'A client that keeps count has to end the connection, or the stream, for a window that is larger.',
    ...WIDE,
    frames: [windowUpdate(2 ** 20), post(1), data('x'.repeat(FRAME_BYTES), { end: false })],
    run: async (dialogue) => {
      await dialogue.take(windowUpdate(2 ** 20), post(1), barrier);
      const upload = new Upload(dialogue);
      await upload.send(1, Math.min(MOST_CONTENT, 4 * upload.room(1)));
      await dialogue.take(data(''));
      return dialogue.finish();
    },
    ...shows(
      'gives no more than a window can hold',
      ({ problems }) => problems.find((text) => text.includes('WINDOW_UPDATE')),
      h2Server('gives credit', [[], []], { front: ROOMY }),
      [
        h2Server('gives too much to a stream', [[windowUpdate(0x7fff_ffff, 1)], []], { front: ROOMY }),
        h2Server('gives too much to the connection', [[windowUpdate(0x7fff_ffff)], []], { front: ROOMY }),
      ],
    ),
  },
  {
    id: 'h2/flow/credit-for-padding',
    title: 'Credit comes back for padding too, its length octet included',
    rfc: 'RFC9113#6.1',
    level: 'SHOULD',
    needs: ['echo'],
    why: WHY,
    ...WIDE,
    frames: [post(1), data('x', { pad: 255, end: false })],
    run: async (dialogue) => {
      await dialogue.take(windowUpdate(2 ** 20), post(1), barrier);
      const upload = new Upload(dialogue);
      const window = upload.room(1);
      // WHY: padding alone has to use up the window, where that is of a size to be used up
      const frames = Math.ceil((window > MOST_PADDING ? UPLOAD : 1.2 * window) / (PADDED_BYTES - 1));
      const hasCredit = await upload.sendPadded(1, frames);
      if (hasCredit) await dialogue.take(data('end'));
      return ended(dialogue, hasCredit);
    },
    awaits: [1],
    ...givesBack('gives credit for padding, and answers with all content', allOf, [...head(), data('xxxend')]),
  },
  {
    id: 'h2/flow/credit-for-unread-content',
    title: 'Content that nobody reads is given back to the connection',
    rfc: 'RFC9113#6.9.1',
    level: 'SHOULD',
    needs: [],
    why: WHY,
    frames: [headers(request('/aeronet-none'), { end: false }), data('x'.repeat(FRAME_BYTES), { end: false })],
    run: manyStreams(
      (id) => headers(request('/aeronet-none'), { stream: id, end: false }),
      FIRST_WINDOW - 1,
      (id) => data('', { stream: id }),
    ),
    ...CREDITED,
  },
  {
    id: 'h2/flow/credit-for-reset-streams',
    title: 'Content of streams that the client resets is given back to the connection',
    rfc: 'RFC9113#6.9.1',
    level: 'SHOULD',
    needs: ['echo'],
    why: WHY,
    frames: [post(1), data('x'.repeat(FRAME_BYTES), { end: false }), rstStream('CANCEL')],
    run: manyStreams(post, FIRST_WINDOW - 1, (id) => rstStream('CANCEL', id)),
    ...CREDITED,
  },
  {
    id: 'h2/flow/credit-for-refused-content',
    title: 'Content that is in error counts, and is given back to the connection',
    rfc: 'RFC9113#6.9',
    level: 'SHOULD',
    needs: ['echo'],
    why: 'Each stream has more content than its content-length says. A server that has had enough of that may leave.',
    frames: [
      headers(request('/echo', [['content-length', '1']], 'POST'), { end: false }),
      data('x'.repeat(FRAME_BYTES)),
    ],
    run: manyStreams(
      (id) => headers(request('/echo', [['content-length', '1']], 'POST'), { stream: id, end: false }),
      2 * FRAME_BYTES,
      undefined,
      6,
    ),
    ...eitherOf(CREDITED, endsConnection('STREAM_CLOSED', 'PROTOCOL_ERROR', 'ENHANCE_YOUR_CALM')),
  },
  {
    id: 'h2/flow/empty-data-without-credit',
    title: 'An empty DATA frame may end a stream whose window is used up to the last octet',
    rfc: 'RFC9113#6.9.1',
    level: 'MUST',
    needs: ['echo'],
    ...WIDE,
    frames: [post(1), data('x'.repeat(FRAME_BYTES), { end: false }), data('')],
    run: async (dialogue) => {
      await dialogue.take(windowUpdate(2 ** 20), post(1), barrier);
      const room = Math.min(new Upload(dialogue).room(1), UPLOAD);
      const text = `${'x'.repeat(room - 3)}end`;
      const parts = Array.from({ length: Math.ceil(room / FRAME_BYTES) }, (_, index) =>
        data(text.slice(index * FRAME_BYTES, (index + 1) * FRAME_BYTES), { end: false }),
      );
      await dialogue.take(...parts, data(''));
      return dialogue.finish();
    },
    awaits: [1],
    ...shows(
      'answers with all that was sent',
      allOf,
      h2Server('answers', [[], [...head(), data(`${'x'.repeat(1_000)}end`)]]),
      [
        h2Server('answers with what it has', [[], [...head(), data('xxx')]]),
        h2Server('resets the stream', [[], [rstStream('FLOW_CONTROL_ERROR')]]),
      ],
    ),
  },
]);
