import type { H2Observation, StreamSeen } from '../../h2/model.ts';
import type { Response } from '../../model.ts';
import { FLAG, FRAME, type Frame, frameName, SETTING } from './frames.ts';
import { BlockError, type Field, HpackReader } from './hpack-reader.ts';

/** RFC9113#6.9.2 */
const FIRST_WINDOW = 65_535;
/** RFC9113#6.5.2: what we never raise. */
const MAX_FRAME_BYTES = 16_384;
const MAX_STREAMS = 2_000;
const MAX_FRAMES = 50_000;
const FORBIDDEN_FIELDS = ['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

interface OpenStream extends StreamSeen {
  response: Response | undefined;
  interim: Response[];
  reset: number | undefined;
  parts: Buffer[];
  dataBytes: number;
  credit: number;
  ended: boolean;
  /** Octets that the target may still send on it. */
  window: number;
}

interface OpenBlock {
  readonly stream: number;
  readonly endsStream: boolean;
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
  acks = 0;
  credit = 0;
  /** SETTINGS frames of the target, each of which wants an acknowledgement. */
  settingsFrames = 0;
  /** PINGs of the target that want an answer. */
  readonly pings: Buffer[] = [];
  readonly #hpack = new HpackReader(4_096);
  /** Streams whose request is HEAD: their content-length is of no DATA. */
  readonly #headStreams = new Set<number>();
  #window = FIRST_WINDOW;
  #initialWindow = FIRST_WINDOW;
  #block: OpenBlock | undefined;
  /** Settings that we sent and that wait for their acknowledgement, in order. */
  readonly #pending: ReadonlyMap<number, number>[] = [];

  /** Notes SETTINGS of ours: they bind the target from its acknowledgement on. */
  announce(pairs: readonly (readonly [id: number, value: number])[]): void {
    this.#pending.push(new Map(pairs));
  }

  /** Notes that the request on this stream is HEAD. */
  expectHead(stream: number): void {
    this.#headStreams.add(stream);
  }

  /** Notes credit of ours. */
  grant(stream: number, increment: number): void {
    if (stream === 0) this.#window += increment;
    else this.#stream(stream).window += increment;
  }

  take(frame: Frame): void {
    if (this.frames.length === 0 && (frame.type !== FRAME.SETTINGS || (frame.flags & FLAG.ACK) !== 0)) {
      this.#problem(`the first frame is ${frameName(frame.type)}, not SETTINGS (RFC9113#3.4)`);
    }
    if (this.frames.length >= MAX_FRAMES)
      return this.#problem(`more than ${MAX_FRAMES} frames came: the rest is not read`);
    this.frames.push(frame);
    if (frame.payload.length > MAX_FRAME_BYTES) {
      this.#problem(
        `${frameName(frame.type)} of ${frame.payload.length} octets exceeds SETTINGS_MAX_FRAME_SIZE (RFC9113#4.2)`,
      );
    }
    if (frame.reserved) this.#problem(`${frameName(frame.type)} has the reserved bit set (RFC9113#4.1)`);
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
      connection,
    };
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
        this.#block = { stream, endsStream: (flags & FLAG.END_STREAM) !== 0, parts: [part] };
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
        if (flags & FLAG.ACK) this.pongs.push(payload.toString('hex'));
        else this.pings.push(payload);
        return;
      case FRAME.GOAWAY:
        return this.#goaway(frame);
      case FRAME.WINDOW_UPDATE:
        return this.#windowUpdate(frame);
      case FRAME.PUSH_PROMISE:
        return this.#problem('PUSH_PROMISE was not wanted (RFC9113#8.4)');
      default:
        return;
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
    stream.window -= frame.payload.length;
    this.#window -= frame.payload.length;
    if (frame.payload.length > 0 && (stream.window < 0 || this.#window < 0)) {
      this.#problem(`DATA exceeds the ${this.#window < 0 ? "connection's" : "stream's"} window (RFC9113#6.9.1)`);
    }
    if (frame.flags & FLAG.END_STREAM) this.#end(frame.stream, stream);
  }

  #endBlock(frame: Frame): void {
    const block = this.#block;
    if (block === undefined || (frame.flags & FLAG.END_HEADERS) === 0) return;
    this.#block = undefined;
    const { fields, sizeUpdates } = this.#decode(Buffer.concat(block.parts));
    this.sizeUpdates.push(sizeUpdates);
    const stream = this.#stream(block.stream);
    if (block.stream === 0 || block.stream % 2 === 0)
      this.#problem(`HEADERS on stream ${block.stream} (RFC9113#5.1.1)`);
    if (stream.ended) this.#problem('HEADERS come behind END_STREAM (RFC9113#5.1)');
    if (stream.response === undefined) this.#head(stream, fields, block.endsStream);
    else this.#trailers(stream, fields, block.endsStream);
    if (block.endsStream) this.#end(block.stream, stream);
  }

  #head(stream: OpenStream, fields: readonly Field[], endsStream: boolean): void {
    const status = Number(fields.find(([name]) => name === ':status')?.[1] ?? 0);
    const pseudo = fields.filter(([name]) => name.startsWith(':'));
    if (pseudo.length !== 1 || fields[0]?.[0] !== ':status') {
      this.#problem(
        `the response has the pseudo-fields ${pseudo.map(([name]) => name).join(', ') || 'none'}, or not in front (RFC9113#8.3.2)`,
      );
    }
    if (!Number.isInteger(status) || status < 100 || status > 599) this.#problem(`:status is ${status} (RFC9110#15)`);
    this.#lintFields(fields);
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
    this.#lintFields(fields);
    if (stream.response !== undefined) stream.response = { ...stream.response, trailers: fields };
  }

  #lintFields(fields: readonly Field[]): void {
    for (const [name, value] of fields) {
      if (/[A-Z]/.test(name)) this.#problem(`the field name "${name}" has upper case (RFC9113#8.2.1)`);
      if (!/^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
        this.#problem(`the field name "${name}" is no token (RFC9113#8.2.1)`);
      // biome's own advice is a class without controls, but NUL, CR and LF are what this is about.
      if (['\0', '\r', '\n'].some((char) => value.includes(char)) || /^[ \t]|[ \t]$/.test(value)) {
        this.#problem(`the value of ${name} has a forbidden octet or edge (RFC9113#8.2.1)`);
      }
      if (FORBIDDEN_FIELDS.includes(name.toLowerCase()))
        this.#problem(`${name} is connection-specific (RFC9113#8.2.2)`);
    }
  }

  #end(id: number, stream: OpenStream): void {
    stream.ended = true;
    const { response } = stream;
    if (response === undefined) return;
    const announced = response.fields.find(([name]) => name === 'content-length')?.[1];
    const isBodiless = this.#headStreams.has(id) || response.status === 304;
    if (announced !== undefined && !isBodiless && Number(announced) !== stream.dataBytes) {
      this.#problem(`content-length is ${announced}, DATA came to ${stream.dataBytes} (RFC9113#8.1.1)`);
    }
  }

  #settings(frame: Frame): void {
    const { payload, flags, stream } = frame;
    if (stream !== 0) this.#problem('SETTINGS names a stream (RFC9113#6.5)');
    if (flags & FLAG.ACK) {
      if (payload.length > 0) this.#problem('an acknowledgement has a payload (RFC9113#6.5)');
      this.acks++;
      const bound = this.#pending.shift();
      if (bound === undefined) return this.#problem('SETTINGS are acknowledged that were not sent (RFC9113#6.5.3)');
      return this.#apply(bound);
    }
    this.settingsFrames++;
    if (payload.length % 6 !== 0) return this.#problem('the length of SETTINGS is no multiple of 6 (RFC9113#6.5)');
    for (let at = 0; at < payload.length; at += 6)
      this.#setting(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  }

  #setting(id: number, value: number): void {
    this.settings.set(id, value);
    const isWrong =
      (id === SETTING.ENABLE_PUSH && value !== 0) ||
      (id === SETTING.INITIAL_WINDOW_SIZE && value > 0x7fff_ffff) ||
      (id === SETTING.MAX_FRAME_SIZE && (value < 16_384 || value > 0xff_ffff));
    if (isWrong) this.#problem(`setting ${id} has the value ${value} (RFC9113#6.5.2)`);
  }

  /** Settings of ours that the target has acknowledged bind it. */
  #apply(bound: ReadonlyMap<number, number>): void {
    const table = bound.get(SETTING.HEADER_TABLE_SIZE);
    if (table !== undefined) this.#hpack.limitTable(table);
    const window = bound.get(SETTING.INITIAL_WINDOW_SIZE);
    if (window === undefined) return;
    for (const stream of this.streams.values()) stream.window += window - this.#initialWindow;
    this.#initialWindow = window;
  }

  #goaway({ payload, stream }: Frame): void {
    if (stream !== 0) this.#problem('GOAWAY names a stream (RFC9113#6.8)');
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
    if (stream === 0) this.credit += increment;
    else this.#stream(stream).credit += increment;
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
      window: this.#initialWindow,
    };
    if (this.streams.size < MAX_STREAMS) this.streams.set(id, stream);
    else this.#problem(`more than ${MAX_STREAMS} streams were named: the rest is not kept`);
    return stream;
  }

  #problem(text: string): void {
    if (this.problems.length < 20 && !this.problems.includes(text)) this.problems.push(text);
  }
}

function responseOf(stream: OpenStream): Response | undefined {
  if (stream.response === undefined) return undefined;
  return { ...stream.response, content: Buffer.concat(stream.parts), complete: stream.ended };
}

/** The payload without its padding, where it has any (RFC9113#6.1). */
function unpad({ flags, payload }: Frame): Buffer {
  if ((flags & FLAG.PADDED) === 0) return payload;
  return payload.subarray(1, Math.max(1, payload.length - (payload[0] ?? 0)));
}
