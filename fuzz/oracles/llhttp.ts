/**
 * llhttp, the HTTP/1.1 parser of Node itself, without a server or a socket: what it makes of a client's octets. Node hands the
 * class out only by its use, so it is taken from a connection that a server was given in memory.
 */
import { createServer, METHODS } from 'node:http';
import { Duplex } from 'node:stream';
import { latin1 } from '../../core/sans-io.ts';
import { octetsOf } from '../engines/latin1-input.ts';
import type { Field } from '../grammar/hpack-vocabulary.ts';

/** One message as it was told. */
export interface LlhttpMessage {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: Field[];
  readonly trailers: Field[];
  readonly isPersistent: boolean;
  /** What follows is not HTTP/1.1 to it: CONNECT, or an Upgrade that Connection names. */
  readonly isUpgrade: boolean;
  content: string;
  isWhole: boolean;
}

export interface LlhttpReading {
  readonly messages: readonly LlhttpMessage[];
  /** Octets that it came to. */
  readonly taken: number;
  /** Why it reads no further: its own code and words. */
  readonly refusal: { readonly code: string; readonly reason: string } | undefined;
  /** The end of the connection is inside of a message. */
  readonly isCut: boolean;
}

interface ParserError {
  readonly code: string;
  readonly reason: string;
  readonly bytesParsed: number;
}

/** What of Node's parser is used; it calls the functions in its numbered slots. */
interface Parser {
  initialize(type: number, resource: object, maxHeadBytes: number, leniency: number): void;
  execute(octets: Uint8Array): number | ParserError;
  finish(): ParserError | undefined;
  [slot: number]: (...given: never[]) => unknown;
}

interface ParserClass {
  readonly REQUEST: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
  new (): Parser;
}

/** Larger than any input. */
const MAX_HEAD_BYTES = 1_048_576;

/** Reads requests, without any of the leniencies that can be switched on. @throws Error where this Node keeps its parser back */
export function readByLlhttp(octets: Uint8Array): LlhttpReading {
  opened ??= new Llhttp();
  return opened.read(octets);
}

let opened: Llhttp | undefined;

class Llhttp {
  readonly #parser: Parser;
  readonly #type: number;
  #methods: ReadonlyMap<number, string> = new Map();
  #messages: LlhttpMessage[] = [];
  /** Where lines come in portions: those before the last one. */
  #lines: string[] = [];
  #target = '';
  #number = 0;

  constructor() {
    const Class = findParserClass();
    this.#parser = new Class();
    this.#type = Class.REQUEST;
    this.#parser[Class.kOnHeaders] = (lines: readonly string[], target: string): void => {
      this.#lines.push(...lines);
      this.#target += target;
    };
    this.#parser[Class.kOnHeadersComplete] = this.#begin;
    this.#parser[Class.kOnBody] = (octets: Uint8Array): void => {
      const message = this.#messages.at(-1);
      if (message !== undefined) message.content += latin1(octets);
    };
    this.#parser[Class.kOnMessageComplete] = (): void => {
      const message = this.#messages.at(-1);
      if (message === undefined) return;
      message.isWhole = true;
      message.trailers.push(...pairs(this.#takeLines()));
    };
    this.#methods = this.#learnMethods();
  }

  read(octets: Uint8Array): LlhttpReading {
    this.#messages = [];
    this.#takeLines();
    this.#parser.initialize(this.#type, {}, MAX_HEAD_BYTES, 0);
    const taken = this.#parser.execute(octets);
    const messages = this.#messages;
    if (typeof taken === 'object') {
      return {
        messages,
        taken: taken.bytesParsed,
        refusal: { code: taken.code, reason: taken.reason },
        isCut: false,
      };
    }
    const isCut = messages.at(-1)?.isUpgrade !== true && this.#parser.finish() !== undefined;
    return { messages, taken, refusal: undefined, isCut };
  }

  readonly #begin = (
    major: number,
    minor: number,
    lines: readonly string[] | undefined,
    method: number,
    target: string | undefined,
    _status: unknown,
    _reason: unknown,
    isUpgrade: boolean,
    isPersistent: boolean,
  ): number => {
    this.#number = method;
    this.#target += target ?? '';
    this.#messages.push({
      method: this.#methods.get(method) ?? '',
      target: this.#target,
      version: `${major}.${minor}`,
      fields: pairs([...this.#takeLines(), ...(lines ?? [])]),
      trailers: [],
      isPersistent,
      isUpgrade,
      content: '',
      isWhole: false,
    });
    return 0;
  };

  #takeLines(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#target = '';
    return lines;
  }

  /** Methods come as numbers, and their list is not handed out in its order. */
  #learnMethods(): ReadonlyMap<number, string> {
    const methods = new Map<number, string>();
    for (const method of METHODS) {
      const target = method === 'CONNECT' ? 'a:1' : '/';
      if (this.read(octetsOf(`${method} ${target} HTTP/1.1\r\n\r\n`)).messages.length > 0) {
        methods.set(this.#number, method);
      }
    }
    return methods;
  }
}

function pairs(lines: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let index = 0; index + 1 < lines.length; index += 2) fields.push([lines[index] ?? '', lines[index + 1] ?? '']);
  return fields;
}

function findParserClass(): ParserClass {
  const pipe = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  createServer().emit('connection', pipe);
  const parser: unknown = Reflect.get(pipe, 'parser');
  const found: unknown = typeof parser === 'object' && parser !== null ? parser.constructor : undefined;
  pipe.destroy();
  if (!isParserClass(found)) throw new Error(`Node ${process.version} does not hand out its HTTP/1.1 parser`);
  return found;
}

function isParserClass(value: unknown): value is ParserClass {
  const slots = ['REQUEST', 'kOnHeaders', 'kOnHeadersComplete', 'kOnBody', 'kOnMessageComplete'];
  return typeof value === 'function' && slots.every((slot) => typeof Reflect.get(value, slot) === 'number');
}
