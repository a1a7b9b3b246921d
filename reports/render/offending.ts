/**
 * What stands out in requests of HTTP/1.1 as they were sent: octets that its grammar does not allow, and lines that decide twice
 * where content ends. It guides a reader's eye to what a case is about; the verdict is the case's own.
 */

/** Octets from `from` up to but without `to`, and why they are marked. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

const MOST_MARKS = 200;
const MOST_REQUESTS = 200;

/** Marks what stands out, in order. Of requests in order there is nothing; it never fails. */
export function markRequests(octets: Uint8Array): readonly Mark[] {
  const reader = new RequestMarker(octets);
  for (let count = 0; count < MOST_REQUESTS && reader.request(); count += 1);
  return reader.marks.sort((a, b) => a.from - b.from).slice(0, MOST_MARKS);
}

interface Line {
  readonly from: number;
  /** Without its end. */
  readonly text: string;
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Chunk extensions, with the white space that is bad and is read all the same (RFC9112#7.1.1). */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const EXTENSIONS = new RegExp(`^(?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?)*$`);

/** What the fields of a head say of its content. */
interface Framing {
  length?: Line;
  coding?: Line;
  host?: Line;
}

class RequestMarker {
  readonly marks: Mark[] = [];
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  /** Reads one request. @returns whether there may be another */
  request(): boolean {
    let line = this.#line();
    while (line?.text === '') line = this.#line();
    if (line === undefined) return false;
    this.#requestLine(line);
    const framing: Framing = {};
    if (!this.#fields((field, name, value) => this.#frame(framing, field, name, value))) return false;
    if (framing.coding !== undefined) {
      if (framing.length !== undefined) this.#mark(framing.length, 'beside Transfer-Encoding');
      return this.#chunks();
    }
    const length = Number(/:[ \t]*(\d{1,15})[ \t]*$/.exec(framing.length?.text ?? '')?.[1] ?? 0);
    this.#at += length;
    return this.#at < this.#octets.length;
  }

  #requestLine(line: Line): void {
    const parts = /^(\S+)( )([^ ]+)( )HTTP\/\d\.\d$/.exec(line.text);
    if (parts === null) this.#mark(line, 'no request line');
    else if (!NAME.test(parts[1] ?? '')) this.#part(line, 0, parts[1] ?? '', 'no method');
    // RFC9112#3.2: a target is made of what a URI may hold; the method and the version have none of what is marked here.
    this.#controls(line, parts?.[1]?.length ?? 0, /[^\w.~:/?[\]@!$&'()*+,;=% -]+|%(?![0-9A-Fa-f]{2})/g);
  }

  /** Reads field lines up to the empty one. @returns whether it came */
  #fields(take: (line: Line, name: string, value: string) => void): boolean {
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      if (line.text === '') return true;
      const [, name = '', space = '', colon = '', value = ''] = /^([^:]*?)([ \t]*)(:)(.*)$/s.exec(line.text) ?? [];
      if (/^[ \t]/.test(line.text)) this.#part(line, 0, /^[ \t]+/.exec(line.text)?.[0] ?? '', 'a folded line');
      else if (colon === '') this.#mark(line, 'no field');
      else if (space !== '') this.#part(line, name.length, space, 'white space before the colon');
      else if (!NAME.test(name)) this.#part(line, 0, name === '' ? ':' : name, 'no field name');
      else take(line, name.toLowerCase(), value.replace(/^[ \t]+|[ \t]+$/g, ''));
      this.#controls(line, name.length, /[\0-\x08\x0a-\x1f\x7f]+/g);
    }
    return false;
  }

  #frame(framing: Framing, line: Line, name: string, value: string): void {
    if (name === 'host') {
      if (framing.host !== undefined) this.#mark(line, 'Host again');
      else if (!/^(?:[\w.~!$&'()*+,;=%-]+|\[[\w.~:!$&'()*+,;=-]+\])?(?::\d*)?$/.test(value))
        this.#mark(line, 'no host');
      framing.host = line;
    } else if (name === 'content-length') {
      if (framing.length !== undefined) this.#mark(line, 'Content-Length again');
      else if (!/^\d+$/.test(value)) this.#mark(line, 'no length');
      framing.length ??= line;
    } else if (name === 'transfer-encoding') {
      if (framing.coding !== undefined) this.#mark(line, 'Transfer-Encoding again');
      else if (value.toLowerCase() !== 'chunked') this.#mark(line, 'not chunked alone');
      framing.coding ??= line;
    }
  }

  #chunks(): boolean {
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      const size = /^([0-9A-Fa-f]{1,13})(?=$|[ \t]*;)/.exec(line.text);
      if (size === null) {
        this.#mark(line, 'no chunk size');
        return false;
      }
      const [{ length: digits }] = size;
      if (!EXTENSIONS.test(line.text.slice(digits)))
        this.#part(line, digits, line.text.slice(digits), 'no chunk extension');
      const length = Number.parseInt(size[1] ?? '', 16);
      if (length === 0) return this.#fields(() => undefined) && this.#at < this.#octets.length;
      this.#at += length;
      if (this.#at >= this.#octets.length) return false;
      const end = this.#line();
      if (end !== undefined && end.text !== '') {
        this.#mark(end, 'not the end of the chunk');
        return false;
      }
    }
    return false;
  }

  /** The next line. A line feed without a carriage return ends one too, and is marked; of what no line feed ends there is none. */
  #line(): Line | undefined {
    const from = this.#at;
    const end = this.#octets.indexOf(0x0a, from);
    if (end === -1) return undefined;
    this.#at = end + 1;
    const bare = end === from || this.#octets[end - 1] !== 0x0d;
    if (bare) this.marks.push({ from: end, to: end + 1, why: 'LF without CR' });
    return { from, text: Buffer.from(this.#octets.subarray(from, bare ? end : end - 1)).toString('latin1') };
  }

  #mark(line: Line, why: string): void {
    this.#part(line, 0, line.text, why);
  }

  #part({ from }: Line, at: number, text: string, why: string): void {
    if (text !== '') this.marks.push({ from: from + at, to: from + at + text.length, why });
  }

  #controls(line: Line, from: number, controls: RegExp): void {
    for (const match of line.text.matchAll(controls)) {
      if (match.index >= from) this.#part(line, match.index, match[0], 'not allowed here');
    }
  }
}
