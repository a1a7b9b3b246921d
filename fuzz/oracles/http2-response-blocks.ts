/** Field blocks that a server sends, as its client has to understand them (RFC9113#8.1, RFC9113#8.2, RFC9113#8.3.2). */
import type { Field } from '../grammar/hpack-vocabulary.ts';
import { ReferenceDecoder, Refusal } from './hpack-reference.ts';
import { OracleError, quoted } from './oracle-error.ts';

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const ABOUT_CONNECTIONS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** What a block says. */
export interface ResponseBlock {
  /** Undefined for trailers. */
  readonly status: number | undefined;
  readonly contentLength: number | undefined;
}

/** Reads a server's blocks one after another, by a decoder of its own. */
export class ResponseBlocks {
  readonly #decoder = new ReferenceDecoder(4_096);

  /** The client's SETTINGS_HEADER_TABLE_SIZE, which the server has acknowledged. */
  allow(bytes: number): void {
    this.#decoder.allow(bytes);
  }

  /** @throws OracleError for a block that does not decode, or that a client must take for malformed */
  read(block: string, isFirst: boolean): ResponseBlock {
    const fields = this.#decode(block);
    const statuses = fields.filter(([name]) => name === ':status');
    const lengths = fields.filter(([name]) => name === 'content-length');
    if (isFirst && (statuses.length !== 1 || fields[0]?.[0] !== ':status'))
      broken('pseudo', 'a response without one :status in front', fields);
    if (!isFirst && statuses.length > 0) broken('pseudo', 'trailers with :status', fields);
    if (lengths.length > 1) broken('length', 'a response with two lengths', fields);
    for (const [name, value] of fields) {
      if (name === ':status') continue;
      if (!NAME.test(name) || !VALUE.test(value)) broken('field', 'a field that none may send', fields);
      if (ABOUT_CONNECTIONS.has(name)) broken('connection', 'a field about a connection of HTTP/1.1', fields);
    }
    const status = statuses[0] === undefined ? undefined : Number(statuses[0][1]);
    if (status !== undefined && !(status >= 100 && status <= 599 && status !== 101))
      broken('status', `status ${status}`, fields);
    return { status, contentLength: lengths[0] === undefined ? undefined : Number(lengths[0][1]) };
  }

  #decode(block: string): Field[] {
    try {
      return this.#decoder.decode(block);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      throw new OracleError('output', `a block of the server's does not decode: ${thrown.code}`, {
        state: thrown.code,
      });
    }
  }
}

function broken(state: string, message: string, fields: readonly Field[]): never {
  throw new OracleError('output', `the server sent ${message}: ${quoted(JSON.stringify(fields))}`, { state });
}
