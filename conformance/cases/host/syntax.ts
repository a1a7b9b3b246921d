import { answer, defineCases, message, pass, refusal, refuses, replies, status, warn } from '../../define.ts';
import type { Case } from '../../model.ts';
import { eachOctet } from '../each-octet.ts';

/**
 * RFC9110#7.2: `Host = uri-host [ ":" port ]`, with the rules of RFC 3986: a registered name, an IPv4 address, or an IP
 * literal in brackets. A comma is one of the characters of a registered name, so `a,b` is not among the invalid values.
 */
const ok = replies(answer(200, 'hello'));

/** Octets that neither a registered name nor a port has; those that other cases are about are not repeated. */
const FORBIDDEN = '"<>\\^`{|}\x01\x7f\x80\xff';

export default defineCases([
  invalid(
    'userinfo',
    'Host with user information gets 400',
    'user@{host}',
    'What a reader takes for the host is only its disguise.',
  ),
  invalid('userinfo-password', 'Host with user and password gets 400', 'user:password@{host}'),
  invalid('userinfo-empty', 'Host that begins with an at sign gets 400', '@{host}'),
  invalid('path', 'Host with a path gets 400', '{host}/path'),
  invalid('query', 'Host with a query gets 400', '{host}?query'),
  invalid('fragment', 'Host with a fragment gets 400', '{host}#fragment'),
  invalid('scheme', 'Host that is a whole URI gets 400', '{scheme}://{host}/'),
  invalid('space-inside', 'Host with a space inside gets 400', 'other.example {host}'),
  invalid('tab-inside', 'Host with a tab inside gets 400', 'other.example\t{host}'),
  invalid(
    'list',
    'Host with two values gets 400',
    'other.example, {host}',
    'The space makes it invalid; the comma alone would not.',
  ),
  invalid(
    'folded',
    'A folded Host gets 400',
    '{host}\r\n other.example',
    'The fold is refused, or it becomes a space, which no Host has inside.',
  ),
  invalid('percent-cut-short', 'Host with half a percent-encoded octet gets 400', 'example%4'),
  invalid('percent-no-hex', 'Host with a percent sign before no hex digits gets 400', 'example%zz'),
  invalid('port-letters', 'A port of letters gets 400', 'localhost:http'),
  invalid('port-negative', 'A port with a minus sign gets 400', 'localhost:-80'),
  invalid('port-hex', 'A hexadecimal port gets 400', 'localhost:0x50'),
  invalid('port-twice', 'Two ports get 400', 'localhost:80:80'),
  invalid('ipv6-bare', 'An IPv6 address without brackets gets 400', '::1'),
  invalid('ipv6-not-closed', 'An IPv6 address whose bracket is not closed gets 400', '[::1'),
  invalid('ipv6-not-opened', 'A bracket that closes nothing gets 400', '::1]'),
  invalid('ipv6-letters', 'Brackets around what is no address get 400', '[::g]'),
  invalid('ipv6-too-short', 'An IPv6 address of three groups gets 400', '[1:2:3]'),
  invalid('ipv6-too-long', 'An IPv6 address of nine groups gets 400', '[1:2:3:4:5:6:7:8:9]'),
  invalid('ipv6-two-gaps', 'An IPv6 address with two gaps gets 400', '[1::2::3]'),
  invalid('ipv6-empty', 'Empty brackets get 400', '[]'),
  invalid('ipv6-with-rest', 'An IPv6 address with letters behind its bracket gets 400', '[::1]localhost'),
  ...eachOctet(FORBIDDEN, ({ char, hex, label }) => ({
    ...invalid(`octet-${hex}`, `Host with the octet ${label} in it gets 400`, `exa${char}mple`),
    tags: ['routing', 'sweep'],
  })),
  valid('ipv6', 'An IPv6 address in brackets is a valid Host', '[::1]'),
  valid('ipv6-port', 'An IPv6 address in brackets with a port is a valid Host', '[2001:db8::7]:8080'),
  valid('ipv6-dotted', 'An IPv6 address that ends like an IPv4 address is a valid Host', '[::ffff:192.0.2.1]'),
  valid('ipv4', 'An IPv4 address is a valid Host', '192.0.2.1'),
  valid('port-empty', 'An empty port stands for the default one', 'localhost:', 'Port is *DIGIT in RFC 3986.'),
  valid('name-upper-case', 'A name in upper case is a valid Host', 'LOCALHOST'),
  valid('name-percent', 'A percent-encoded octet is valid in a Host', 'ex%61mple'),
  {
    id: 'h1/host/white-space-around',
    title: 'White space around the value of Host is no part of it',
    rfc: 'RFC9112#5.1',
    level: 'MUST',
    needs: ['get'],
    send: message('GET / HTTP/1.1', ['Host:\t {host} \t']),
    allow: [pass(status(200))],
    controls: { pass: ok, fail: refuses() },
  },
]);

function invalid(slug: string, title: string, value: string, why?: string): Case {
  return {
    id: `h1/host/${slug}`,
    title,
    rfc: 'RFC9112#3.2',
    level: 'MUST',
    needs: ['get'],
    tags: ['routing'],
    ...(why === undefined ? {} : { why }),
    send: message('GET / HTTP/1.1', [`Host: ${value}`]),
    allow: refusal({ stays: 'any' }),
    controls: { pass: [refuses(), replies(answer(400))], fail: [ok, refuses(421), refuses(500)] },
  };
}

/** Whether the target serves this host is its own affair; that it copes with the value is not (RFC9110#2.4 MUST). */
function valid(slug: string, title: string, value: string, why?: string): Case {
  return {
    id: `h1/host/valid-${slug}`,
    title,
    rfc: 'RFC9110#7.2',
    level: 'MUST',
    needs: ['get'],
    ...(why === undefined ? {} : { why }),
    send: message('GET / HTTP/1.1', [`Host: ${value}`]),
    allow: [
      pass(status('2xx', '3xx', 403, 404, 421)),
      warn(
        status(400),
        'any',
        'a host that is not served may be refused so (RFC9110#15.5.1), but this one is well-formed',
      ),
    ],
    controls: { pass: [ok, refuses(421), refuses(404), refuses()], fail: [refuses(500), refuses(505)] },
  };
}
