import type { H2Observation, StreamSeen } from '../../h2/model.ts';
import type { Response } from '../../model.ts';
import { FLAG, FRAME, type Frame, frameName, SETTING } from './frames.ts';
import { BlockError, type Field, HpackReader } from './hpack-reader.ts';
import { lintFields, lintFrame, lintHead, lintSetting } from './lint.ts';
import { OurSettings } from './our-settings.ts';
import { lintPromise, lintPromised } from './pushes.ts';

/** RFC9113#6.9.2 */
const FIRST_WINDOW = 65_535;
/** RFC9113#6.9.1 */
const MAX_WINDOW = 0x7fff_ffff;
/** RFC9113#4.2 */
const LEAST_FRAME_BYTES = 16_384;
/** RFC9113#6.5.2 */
const FIRST_TABLE_BYTES = 4_096;
const MAX_STREAMS = 2_000;
const MAX_FRAMES = 50_000;

interface OpenStream extends StreamSeen {
  response: Response | undefined;
  interim: Response[];
  reset: number | undefined;
  parts: Buffer[];
  dataBytes: number;
  credit: number;
  ended: boolean;
  /** Credit of ours beyond the initial window, and flow-controlled octets that came. */
  granted: number;
  spent: number;
  /** Flow-controlled octets of ours. */
  sent: number;
}

interface OpenBlock {
  readonly stream: number;
  readonly endsStream: boolean;
  /** It belongs to PUSH_PROMISE, and is read for the sake of the table alone. */
  readonly isPromise: boolean;
  readonly parts: Buffer[];
}

/** Everything that a target sent on one connection, taken in frame by frame; what its frames have wrong is kept as `problems`. */
export class Received {
  readonly frames: Frame[] = [];
  readonly streams = new Map<number, OpenStream>();
  readonly settings = new Map<number, number>();
  readonly goaways: { code: number; lastStream: number }[] = [];
  readonly pongs: string[] = [];
  readonly sizeUpdates: (readonly number[])[] = [];
  readonly problems: string[] = [];
  beside: boolean | undefined;
  acks = 0;
  credit = 0;
  /** SETTINGS frames of the target, each of which wants an acknowledgement. */
  settingsFrames = 0;
  /** PINGs of the target that want an answer. */
  readonly pings: Buffer[] = [];
  readonly #hpack = new HpackReader(FIRST_TABLE_BYTES);
  readonly #ours = new OurSettings();
  /** Streams whose request is HEAD: their content-length is of no DATA. */
  readonly #headStreams = new Set<number>();
  readonly #promised = new Set<number>();
  /** PINGs of ours that were not answered yet, as hex. */
  readonly #unanswered: string[] = [];
  /** The highest stream that a frame of ours has named. */
  #highest = 0;
  /** Whether all that we sent was whole frames: what the target may do is not known any more where it was not. */
  #isAccounted = true;
  #granted = 0;
  #spent = 0;
  #sent = 0;
  #block: OpenBlock | undefined;

  /** Notes that the request on this stream is HEAD. */
  expectHead(stream: number): void {
    this.#headStreams.add(stream);
  }

  /** Notes that octets of ours were no whole frames: from now on nothing is noted that depends on what we sent. */
  loseCount(): void {
    this.#isAccounted = false;
    this.#hpack.allowTable(Infinity);
  }

  /** Notes a frame of ours: settings and credit bind the target, content spends what it has given. */
  noteSent({ type, flags, stream, payload }: Frame): void {
    this.#highest = Math.max(this.#highest, stream);
    if (type === FRAME.PING && (flags & FLAG.ACK) === 0) this.#unanswered.push(payload.toString('hex'));
    if (type === FRAME.DATA) {
      this.#sent += payload.length;
      if (stream !== 0) this.#stream(stream).sent += payload.length;
    }
    if (type === FRAME.WINDOW_UPDATE && payload.length === 4) {
      const increment = payload.readUInt32BE(0) & MAX_WINDOW;
      if (stream === 0) this.#granted += increment;
      else this.#stream(stream).granted += increment;
    }
    if (type !== FRAME.SETTINGS || (flags & FLAG.ACK) !== 0 || stream !== 0) return;
    this.#ours.announce(pairsOf(payload));
    if (this.#isAccounted) this.#hpack.allowTable(this.#ours.most(SETTING.HEADER_TABLE_SIZE, FIRST_TABLE_BYTES));
  }

  take(frame: Frame): void {
    if (this.frames.length === 0 && (frame.type !== FRAME.SETTINGS || (frame.flags & FLAG.ACK) !== 0)) {
      this.#problem(`the first frame is ${frameName(frame.type)}, not SETTINGS (RFC9113#3.4)`);
    }
    if (this.frames.length >= MAX_FRAMES)
      return this.#problem(`more than ${MAX_FRAMES} frames came: the rest is not read`);
    this.frames.push(frame);
    if (frame.payload.length > this.#ours.most(SETTING.MAX_FRAME_SIZE, LEAST_FRAME_BYTES)) {
      this.#breach(
        `${frameName(frame.type)} of ${frame.payload.length} octets exceeds SETTINGS_MAX_FRAME_SIZE (RFC9113#4.2)`,
      );
    }
    for (const text of lintFrame(frame)) this.#problem(text);
    this.#lintStream(frame);
    if (this.#block !== undefined && (frame.type !== FRAME.CONTINUATION || frame.stream !== this.#block.stream)) {
      this.#problem(`${frameName(frame.type)} stands within a field block (RFC9113#4.3)`);
    }
    this.#dispatch(frame);
  }

  /** The observation so far; it does not change any more. */
  observe(connection: H2Observation['connection']): H2Observation {
    const streams = new Map([...this.streams].map(([id, stream]) => [id, { ...stream, response: responseOf(stream) }]));
    return {
      frames: [...this.frames],
      streams,
      settings: new Map(this.settings),
      goaways: [...this.goaways],
      acks: this.acks,
      pongs: [...this.pongs],
      credit: this.credit,
      sizeUpdates: [...this.sizeUpdates],
      problems: [...this.problems],
      beside: this.beside,
      connection,
    };
  }

  /** Octets of content that the target lets us send on this stream now; as many as we like where that is not known. */
  room(id: number): number {
    if (!this.#isAccounted) return Infinity;
    const { credit = 0, sent = 0 } = this.streams.get(id) ?? {};
    const initial = this.settings.get(SETTING.INITIAL_WINDOW_SIZE) ?? FIRST_WINDOW;
    return Math.min(initial + credit - sent, FIRST_WINDOW + this.credit - this.#sent);
  }

  /** Whether nothing more comes on this stream. */
  isConcluded(id: number): boolean {
    const stream = this.streams.get(id);
    return stream !== undefined && (stream.ended || stream.reset !== undefined);
  }

  #dispatch(frame: Frame): void {
    const { type, payload, stream, flags } = frame;
    switch (type) {
      case FRAME.DATA:
        return this.#data(frame);
      case FRAME.HEADERS: {
        const part = flags & FLAG.PRIORITY ? unpad(frame).subarray(5) : unpad(frame);
        this.#block = { stream, endsStream: (flags & FLAG.END_STREAM) !== 0, isPromise: false, parts: [part] };
        return this.#endBlock(frame);
      }
      case FRAME.CONTINUATION:
        if (this.#block === undefined) return this.#problem('CONTINUATION stands outside a field block (RFC9113#6.10)');
        this.#block.parts.push(payload);
        return this.#endBlock(frame);
      case FRAME.RST_STREAM:
        if (payload.length !== 4) return this.#problem('RST_STREAM is not 4 octets long (RFC9113#6.4)');
        this.#stream(stream).reset ??= payload.readUInt32BE(0);
        return;
      case FRAME.SETTINGS:
        return this.#settings(frame);
      case FRAME.PING:
        if (payload.length !== 8) return this.#problem('PING is not 8 octets long (RFC9113#6.7)');
        if (flags & FLAG.ACK) this.#pong(payload.toString('hex'));
        else this.pings.push(payload);
        return;
      case FRAME.GOAWAY:
        return this.#goaway(frame);
      case FRAME.WINDOW_UPDATE:
        return this.#windowUpdate(frame);
      case FRAME.PUSH_PROMISE:
        if (this.#ours.most(SETTING.ENABLE_PUSH, 1) === 0) this.#breach('PUSH_PROMISE was not wanted (RFC9113#8.4)');
        return this.#promise(frame);
      default:
        return;
    }
  }

  /** Whether a stream can have this frame now. */
  #lintStream({ type, stream }: Frame): void {
    if (stream === 0 || type === FRAME.PRIORITY || type > FRAME.CONTINUATION) return;
    const known = this.streams.get(stream);
    const isOpened = stream % 2 === 0 ? this.#promised.has(stream) : stream <= this.#highest;
    if (!isOpened) this.#breach(`${frameName(type)} names stream ${stream}, which is idle (RFC9113#5.1.1)`);
    const isReserved = stream % 2 === 0 && known?.response === undefined;
    if (isReserved && type !== FRAME.HEADERS && type !== FRAME.RST_STREAM && type !== FRAME.CONTINUATION) {
      this.#problem(`${frameName(type)} comes on a stream that is only promised (RFC9113#5.1)`);
    }
    if (known?.reset !== undefined && type !== FRAME.RST_STREAM) {
      this.#problem(`${frameName(type)} comes behind RST_STREAM (RFC9113#5.4.2)`);
    }
    const goaway = this.goaways.at(-1);
    if (goaway !== undefined && stream > goaway.lastStream && type === FRAME.HEADERS) {
      this.#problem(`stream ${stream} is answered, above the last one of GOAWAY (RFC9113#6.8)`);
    }
  }

  #data(frame: Frame): void {
    const stream = this.#stream(frame.stream);
    const content = unpad(frame);
    if (stream.response === undefined) this.#problem('DATA comes before a response (RFC9113#8.1)');
    if (stream.ended) this.#problem('DATA comes behind END_STREAM (RFC9113#5.1)');
    stream.parts.push(content);
    stream.dataBytes += content.length;
    // RFC9113#6.9.1: the whole payload counts, padding and its length included.
    stream.spent += frame.payload.length;
    this.#spent += frame.payload.length;
    const ofStream = this.#ours.most(SETTING.INITIAL_WINDOW_SIZE, FIRST_WINDOW) + stream.granted - stream.spent;
    const ofConnection = FIRST_WINDOW + this.#granted - this.#spent;
    if (frame.payload.length > 0 && (ofStream < 0 || ofConnection < 0)) {
      this.#breach(`DATA exceeds the ${ofConnection < 0 ? "connection's" : "stream's"} window (RFC9113#6.9.1)`);
    }
    if (frame.flags & FLAG.END_STREAM) this.#end(frame.stream, stream);
  }

  #pong(payload: string): void {
    this.pongs.push(payload);
    const at = this.#unanswered.indexOf(payload);
    if (at < 0) this.#breach('a PING is answered that was not sent, or was answered before (RFC9113#6.7)');
    else this.#unanswered.splice(at, 1);
  }

  #promise(frame: Frame): void {
    const payload = unpad(frame);
    if (payload.length < 4) return this.#problem('PUSH_PROMISE is shorter than 4 octets (RFC9113#6.6)');
    const promised = payload.readUInt32BE(0) & MAX_WINDOW;
    const isEnded = this.streams.get(frame.stream)?.ended === true;
    for (const text of lintPromise(promised, Math.max(0, ...this.#promised), frame.stream, isEnded))
      this.#problem(text);
    this.#promised.add(promised);
    this.#block = { stream: frame.stream, endsStream: false, isPromise: true, parts: [payload.subarray(4)] };
    this.#endBlock(frame);
  }

  #endBlock(frame: Frame): void {
    const block = this.#block;
    if (block === undefined || (frame.flags & FLAG.END_HEADERS) === 0) return;
    this.#block = undefined;
    const { fields, sizeUpdates } = this.#decode(Buffer.concat(block.parts));
    this.sizeUpdates.push(sizeUpdates);
    if (block.isPromise) {
      for (const text of lintPromised(fields)) this.#problem(text);
      return;
    }
    const stream = this.#stream(block.stream);
    if (stream.ended) this.#problem('HEADERS come behind END_STREAM (RFC9113#5.1)');
    if (stream.response === undefined) this.#head(stream, fields, block.endsStream);
    else this.#trailers(stream, fields, block.endsStream);
    if (block.endsStream) this.#end(block.stream, stream);
  }

  #head(stream: OpenStream, fields: readonly Field[], endsStream: boolean): void {
    const status = Number(fields.find(([name]) => name === ':status')?.[1] ?? 0);
    for (const text of lintHead(fields)) this.#problem(text);
    const response: Response = {
      version: '2',
      status,
      reason: '',
      fields: fields.filter(([name]) => !name.startsWith(':')),
      content: Buffer.alloc(0),
      trailers: [],
      framing: 'none',
      complete: false,
      interim: [],
      problems: [],
    };
    if (status >= 100 && status < 200) {
      if (endsStream) this.#problem('an interim response ends the stream (RFC9113#8.1)');
      stream.interim.push(response);
    } else stream.response = { ...response, interim: stream.interim };
  }

  #trailers(stream: OpenStream, fields: readonly Field[], endsStream: boolean): void {
    if (!endsStream) this.#problem('trailers do not end the stream (RFC9113#8.1)');
    if (fields.some(([name]) => name.startsWith(':'))) this.#problem('trailers have a pseudo-field (RFC9113#8.1)');
    for (const text of lintFields(fields)) this.#problem(text);
    if (stream.response !== undefined) stream.response = { ...stream.response, trailers: fields };
  }

  #end(id: number, stream: OpenStream): void {
    stream.ended = true;
    const { response } = stream;
    if (response === undefined) return;
    const announced = response.fields.find(([name]) => name === 'content-length')?.[1];
    const isHead = this.#headStreams.has(id);
    const isBodiless = isHead || response.status === 304 || response.status === 204;
    if (announced !== undefined && !isBodiless && Number(announced) !== stream.dataBytes) {
      this.#problem(`content-length is ${announced}, DATA came to ${stream.dataBytes} (RFC9113#8.1.1)`);
    }
    if (isBodiless && stream.dataBytes > 0) {
      this.#problem(`content comes with ${isHead ? 'an answer to HEAD' : response.status} (RFC9110#6.4.1)`);
    }
  }

  #settings({ payload, flags }: Frame): void {
    if (flags & FLAG.ACK) {
      if (payload.length > 0) this.#problem('an acknowledgement has a payload (RFC9113#6.5)');
      this.acks++;
      const settings = this.#ours.acknowledge();
      if (settings === undefined) this.#breach('SETTINGS are acknowledged that were not sent (RFC9113#6.5.3)');
      const table = settings?.get(SETTING.HEADER_TABLE_SIZE);
      const most = this.#ours.most(SETTING.HEADER_TABLE_SIZE, FIRST_TABLE_BYTES);
      if (!this.#isAccounted) return;
      if (table === undefined) this.#hpack.allowTable(most);
      else this.#hpack.limitTable(table, most);
      return;
    }
    this.settingsFrames++;
    if (payload.length % 6 !== 0) return this.#problem('the length of SETTINGS is no multiple of 6 (RFC9113#6.5)');
    for (const [id, value] of pairsOf(payload)) {
      // RFC9218#2.1: what the first SETTINGS do not say is 0 for good
      const isSilent = id === SETTING.NO_RFC7540_PRIORITIES && this.settingsFrames > 1;
      for (const text of lintSetting(id, value, this.settings.get(id) ?? (isSilent ? 0 : undefined))) {
        this.#problem(text);
      }
      this.settings.set(id, value);
    }
  }

  #goaway({ payload }: Frame): void {
    if (payload.length < 8) return this.#problem('GOAWAY is shorter than 8 octets (RFC9113#6.8)');
    const lastStream = payload.readUInt32BE(0) & 0x7fff_ffff;
    const before = this.goaways.at(-1)?.lastStream;
    if (before !== undefined && lastStream > before) this.#problem('the last stream of GOAWAY grows (RFC9113#6.8)');
    this.goaways.push({ code: payload.readUInt32BE(4), lastStream });
  }

  #windowUpdate({ payload, stream }: Frame): void {
    if (payload.length !== 4) return this.#problem('WINDOW_UPDATE is not 4 octets long (RFC9113#6.9)');
    const increment = payload.readUInt32BE(0) & 0x7fff_ffff;
    if (increment === 0) this.#problem('WINDOW_UPDATE adds nothing (RFC9113#6.9)');
    const initial = this.settings.get(SETTING.INITIAL_WINDOW_SIZE) ?? FIRST_WINDOW;
    let window = FIRST_WINDOW - this.#sent;
    if (stream === 0) {
      this.credit += increment;
      window += this.credit;
    } else {
      const known = this.#stream(stream);
      known.credit += increment;
      window = initial + known.credit - known.sent;
    }
    if (window > MAX_WINDOW) this.#breach('WINDOW_UPDATE takes a window above 2^31-1 (RFC9113#6.9.1)');
  }

  #decode(block: Buffer) {
    try {
      const decoded = this.#hpack.decode(block);
      if (decoded.problem !== undefined) this.#problem(`a field block has ${decoded.problem}`);
      return decoded;
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      this.#problem(`a field block has ${error.message}`);
      return { fields: [], sizeUpdates: [] };
    }
  }

  #stream(id: number): OpenStream {
    const known = this.streams.get(id);
    if (known !== undefined) return known;
    const stream: OpenStream = {
      response: undefined,
      interim: [],
      reset: undefined,
      parts: [],
      dataBytes: 0,
      credit: 0,
      ended: false,
      granted: 0,
      spent: 0,
      sent: 0,
    };
    if (this.streams.size < MAX_STREAMS) this.streams.set(id, stream);
    else this.#problem(`more than ${MAX_STREAMS} streams were named: the rest is not kept`);
    return stream;
  }

  /** A problem in the light of what we sent. */
  #breach(text: string): void {
    if (this.#isAccounted) this.#problem(text);
  }

  #problem(text: string): void {
    if (this.problems.length < 20 && !this.problems.includes(text)) this.problems.push(text);
  }
}

function responseOf(stream: OpenStream): Response | undefined {
  if (stream.response === undefined) return undefined;
  return { ...stream.response, content: Buffer.concat(stream.parts), complete: stream.ended };
}

/** The settings of a payload; what is left over at its end is not looked at. */
function pairsOf(payload: Buffer): readonly (readonly [id: number, value: number])[] {
  return Array.from({ length: Math.floor(payload.length / 6) }, (_, index) => [
    payload.readUInt16BE(index * 6),
    payload.readUInt32BE(index * 6 + 2),
  ]);
}

/** The payload without its padding, where it has any (RFC9113#6.1). */
function unpad({ flags, payload }: Frame): Buffer {
  if ((flags & FLAG.PADDED) === 0) return payload;
  return payload.subarray(1, Math.max(1, payload.length - (payload[0] ?? 0)));
}
