import { answer, defineCases, pass, refuses, replies, request, status, warn } from '../../define.ts';

/** RFC9110#7.8: what a server must not do about Upgrade, whatever protocols it knows. */
export default defineCases([
  {
    id: 'h1/connection/http10-upgrade-ignored',
    title: 'Upgrade in an HTTP/1.0 request is ignored',
    rfc: 'RFC9110#7.8',
    level: 'MUST',
    needs: ['get'],
    why: 'The octets are those of a WebSocket handshake, but for the version: whoever looks at the fields alone switches.',
    send: request('GET / HTTP/1.0', [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]),
    allow: [
      pass({ status: ['2xx', '3xx', '4xx'], interim: [] }),
      warn(status(426, 505), 'any', 'HTTP/1.0 is not served at all'),
    ],
    controls: {
      pass: [replies(answer(200, 'hello')), refuses(505), refuses(404)],
      fail: [
        replies(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
          'close',
        ),
        replies(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n${answer(200, 'hello')}`),
        refuses(500),
      ],
    },
  },
]);
