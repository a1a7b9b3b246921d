import type { FieldLines } from '../semantics/field.ts';
import type { MediaType } from '../semantics/media-type.ts';
import { boundaryOf } from '../semantics/multipart/boundary.ts';
import type { PartHead } from '../semantics/multipart/part-head.ts';
import { type MultipartEvent, type MultipartOptions, MultipartReader } from '../semantics/multipart/reader.ts';
import { ContentError, collect, decodeText } from './content.ts';
import { demandInteger, demandObject } from './option-checks.ts';

/** What a form of pairs may grow to. */
export interface PairLimits {
  /** Octets. @defaultValue 1_048_576, 0..2^53-1 */
  readonly bytes?: number;
  /** Pairs. @defaultValue 1_000, 1..1_000_000 */
  readonly pairs?: number;
}

/** Reads `application/x-www-form-urlencoded`; the platform's own container keeps names apart from its methods. */
export async function readPairs(
  content: AsyncIterable<Uint8Array>,
  type: MediaType | undefined,
  limits: PairLimits,
): Promise<URLSearchParams> {
  demandObject('form()', limits, ['bytes', 'pairs'], 'limit of pairs');
  const { bytes = 1_048_576, pairs = 1_000 } = limits;
  demandInteger('Limit bytes of form()', bytes, 0, Number.MAX_SAFE_INTEGER);
  demandInteger('Limit pairs of form()', pairs, 1, 1_000_000);
  demandType(type, 'application', 'x-www-form-urlencoded');
  const text = decodeText(await collect(content, bytes));
  let count = 1;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) count++;
  if (count > pairs) throw new ContentError('too-large', `the form has more than ${pairs} pairs`);
  return new URLSearchParams(text);
}

/** The parts of a form as they come. @throws ContentError `unsupported`; `malformed` for a type without a sound boundary */
export function readMultipart(
  content: AsyncIterable<Uint8Array>,
  type: MediaType | undefined,
  options: MultipartOptions,
): AsyncIterable<FormPart> {
  const boundary = boundaryOf(demandType(type, 'multipart', 'form-data'));
  if (typeof boundary !== 'string') throw new ContentError('malformed', `content has no boundary: ${boundary.failure}`);
  return partsOf(new FormSource(content, new MultipartReader(boundary, options)));
}

async function* partsOf(source: FormSource): AsyncGenerator<FormPart> {
  try {
    for (let part = await source.nextPart(); part !== undefined; part = await source.nextPart()) yield part;
  } finally {
    await source.close();
  }
}

/** One part of a form: its octets are read by `for await`, once, and before the next part is asked for. */
export class FormPart implements AsyncIterable<Uint8Array> {
  /** Name of the field; names may come more than once. */
  readonly name: string;
  /**
   * Name of the file without any path, undefined where the part is no file, empty where nothing is known of it. It is for people to see: name
   * what is kept on this side otherwise.
   */
  readonly filename: string | undefined;
  /** Content-Type of the part as received: what the client believes. */
  readonly contentType: string | undefined;
  readonly fields: FieldLines;
  #isRead = false;
  readonly #source: FormSource;

  constructor({ name, filename, contentType, fields }: PartHead, source: FormSource) {
    this.name = name;
    this.filename = filename;
    this.contentType = contentType;
    this.fields = fields;
    this.#source = source;
  }

  /** @throws ContentError `consumed` once it was read or the next part was asked for; `malformed`, `too-large`, `abandoned` */
  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    if (this.#isRead || !this.#source.isOpen(this)) throw new ContentError('consumed', 'this part was already read');
    this.#isRead = true;
    for (;;) {
      const piece = await this.#source.contentOf(this);
      if (piece === undefined) return;
      yield piece;
    }
  }

  /** All octets. @param maxBytes more than this is refused @throws ContentError as above */
  bytes(maxBytes = 1_048_576): Promise<Uint8Array> {
    return collect(this, maxBytes);
  }

  /** All octets as UTF-8. @throws ContentError as above, `malformed` where they are not UTF-8 */
  async text(maxBytes?: number): Promise<string> {
    return decodeText(await this.bytes(maxBytes));
  }
}

/** Pulls a form through its reader, no faster than its parts are read. */
class FormSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #reader: MultipartReader;
  /** Events of the latest piece, which are views of it, and how many of them were taken. */
  #events: readonly MultipartEvent[] = [];
  #taken = 0;
  /** The part whose content comes. */
  #open: FormPart | undefined;
  /** The piece that is waited for: two readers wait for the same. */
  #pulling: Promise<void> | undefined;

  constructor(content: AsyncIterable<Uint8Array>, reader: MultipartReader) {
    this.#pieces = content[Symbol.asyncIterator]();
    this.#reader = reader;
  }

  isOpen(part: FormPart): boolean {
    return this.#open === part;
  }

  /** The next part; what was not read of the one before is thrown away. Undefined at the end. */
  async nextPart(): Promise<FormPart | undefined> {
    const event = await this.#skipToPart();
    if (event === undefined) return undefined;
    this.#open = new FormPart(event.head, this);
    return this.#open;
  }

  /** The next piece of a part; undefined where it ends, or is not open any more. */
  async contentOf(part: FormPart): Promise<Uint8Array | undefined> {
    while (this.#open === part) {
      const event = await this.#peek();
      if (this.#open !== part || event !== this.#events[this.#taken]) continue;
      this.#taken++;
      if (event?.kind === 'content') return event.bytes;
      this.#open = undefined;
    }
    return undefined;
  }

  /** Nothing more will be read. */
  async close(): Promise<void> {
    this.#open = undefined;
    await this.#pieces.return?.();
  }

  async #skipToPart(): Promise<(MultipartEvent & { kind: 'part' }) | undefined> {
    this.#open = undefined;
    for (;;) {
      const event = await this.#peek();
      if (event.kind === 'end') return undefined;
      this.#taken++;
      if (event.kind === 'part') return event;
    }
  }

  /** The next event, which stays. @throws ContentError where the form is refused, from then on always */
  async #peek(): Promise<MultipartEvent> {
    for (;;) {
      const event = this.#events[this.#taken];
      if (event?.kind === 'error') throw refusal(event.error);
      if (event !== undefined) return event;
      this.#pulling ??= this.#pull().finally(() => {
        this.#pulling = undefined;
      });
      await this.#pulling;
    }
  }

  async #pull(): Promise<void> {
    const next = await this.#pieces.next();
    this.#events = next.done === true ? this.#reader.end() : this.#reader.receive(next.value);
    this.#taken = 0;
  }
}

function refusal(error: Extract<MultipartEvent, { kind: 'error' }>['error']): ContentError {
  return new ContentError(error.status === 413 ? 'too-large' : 'malformed', error.message, error);
}

function demandType(given: MediaType | undefined, type: string, subtype: string): MediaType {
  if (given?.type === type && given.subtype === subtype) return given;
  throw new ContentError('unsupported', `content is not ${type}/${subtype}`);
}
