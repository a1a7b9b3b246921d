/** A client of HTTP/1.1 as a model: requests one behind the other, each framed in one way, until one of them is the last. */
import type * as FastCheck from 'fast-check';
import type { Fc } from './input-source.ts';

export interface Http1Client {
  text: string;
  /** No request has said that it is the last one. */
  isOpen: boolean;
}

type Http1Command = FastCheck.Command<Http1Client, object>;

/** Sequences of a client's requests. */
export function http1Commands(fc: Fc): FastCheck.Arbitrary<Iterable<Http1Command>> {
  const content = fc.string({ maxLength: 12 }).map((text) => text.replace(/[^\0-\xff]/g, '?'));
  const field = fc.constantFrom('', 'Expect: 100-continue\r\n', 'Accept: */*\r\n', 'X-A: b\r\n', 'TE: trailers\r\n');
  const trailer = fc.constantFrom('', 'X-Sum: 1\r\n', 'X-Sum: 1\r\nX-B:\r\n');
  const target = fc.constantFrom('/', '/echo', '/a?b=c', 'http://a/', '*');
  return fc.commands(
    [
      fc.tuple(target, field).map(([path, line]) => request(`GET ${path}`, line, '')),
      fc
        .tuple(field, content)
        .map(([line, data]) => request('POST /', `${line}Content-Length: ${data.length}\r\n`, data)),
      fc
        .tuple(field, fc.array(content, { maxLength: 4 }), trailer)
        .map(([line, chunks, last]) =>
          request('POST /', `${line}Transfer-Encoding: chunked\r\n`, `${chunks.map(chunk).join('')}0\r\n${last}\r\n`),
        ),
      fc.constant(request('GET /', 'Connection: close\r\n', '', true)),
      fc.constant(emptyLine()),
    ],
    { maxCommands: 8 },
  );
}

/** A chunk of some data; an empty one would be the last. */
function chunk(data: string): string {
  return data === '' ? '' : `${data.length.toString(16)}\r\n${data}\r\n`;
}

function request(line: string, fields: string, content: string, isLast = false): Http1Command {
  return {
    check: (client) => client.isOpen,
    run(client) {
      client.text += `${line} HTTP/1.1\r\nHost: a\r\n${fields}\r\n${content}`;
      if (isLast) client.isOpen = false;
    },
    toString: () => `${line} ${JSON.stringify(fields + content)}`,
  };
}

/** RFC9112#2.2: an empty line before a request is ignored. */
function emptyLine(): Http1Command {
  return {
    check: (client) => client.isOpen && !client.text.endsWith('\r\n\r\n\r\n'),
    run(client) {
      client.text += '\r\n';
    },
    toString: () => 'empty line',
  };
}
