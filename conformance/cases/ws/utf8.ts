import {
  defineWsCases,
  echoes,
  echoServer,
  failing,
  fails,
  frame,
  ignoring,
  OPCODE,
  type WsCase,
} from '../../ws/define.ts';

const { TEXT, CONTINUATION } = OPCODE;
const octets = (hex: string) => Buffer.from(hex, 'hex');

const BAD: readonly (readonly [slug: string, says: string, hex: string])[] = [
  ['lone-continuation', 'a continuation octet alone', '68e980'],
  ['overlong', 'an overlong slash', 'c0af'],
  ['surrogate', 'a surrogate', 'eda080'],
  ['above-10ffff', 'a character above U+10FFFF', 'f4908080'],
  ['cut', 'half a character at its end', '68c3'],
  ['ff', 'an octet that no character has', '68ff'],
];

const GOOD: readonly (readonly [slug: string, says: string, hex: string])[] = [
  ['4-octets', 'a character of four octets', 'f09f9880'],
  ['noncharacter', 'U+FFFF', 'efbfbf'],
  ['highest', 'U+10FFFF', 'f48fbfbf'],
  ['nul', 'U+0000', '6100'],
  ['bom', 'a byte order mark at its front', 'efbbbf61'],
];

/** RFC6455#8.1: text is UTF-8. */
export default defineWsCases([
  ...BAD.map(
    ([slug, says, hex]): WsCase => ({
      id: `ws/utf8/${slug}`,
      title: `A text message with ${says} ends the connection`,
      rfc: 'RFC6455#8.1',
      send: [frame(TEXT, octets(hex))],
      allow: fails(1007),
      controls: { pass: [failing(1007), failing(undefined)], fail: [echoServer(), ignoring()] },
    }),
  ),
  {
    id: 'ws/utf8/cut-over-fragments',
    title: 'A text message whose last fragment leaves a character cut ends the connection',
    rfc: 'RFC6455#8.1',
    send: [frame(TEXT, octets('68c3'), { fin: false }), frame(CONTINUATION, 'x')],
    allow: fails(1007),
    controls: { pass: [failing(1007)], fail: [echoServer(), ignoring()] },
  },
  ...GOOD.map(
    ([slug, says, hex]): WsCase => ({
      id: `ws/utf8/${slug}`,
      title: `A text message with ${says} is text`,
      rfc: 'RFC6455#5.6',
      send: [frame(TEXT, octets(hex))],
      allow: echoes([TEXT, octets(hex)]),
      controls: { pass: [echoServer()], fail: [failing(1007), ignoring()] },
    }),
  ),
  {
    id: 'ws/utf8/split-over-fragments',
    title: 'A character may be split over fragments',
    rfc: 'RFC6455#5.6',
    send: [frame(TEXT, octets('f09f'), { fin: false }), frame(CONTINUATION, octets('9880'))],
    allow: echoes([TEXT, octets('f09f9880')]),
    controls: { pass: [echoServer()], fail: [failing(1007), ignoring()] },
  },
]);
