/** What both versions share, understood wrongly: targets, hosts, expectations, policy. */
import { type Mutant, mutantsOf } from './mutant.ts';

const HOST = mutantsOf('core/semantics/host', [
  [
    'host-octets',
    'takes any octet in a host',
    [
      "return stray ? { failure: 'octet', at } : at;",
      "return stray ? (text.indexOf(':', at) === -1 ? text.length : text.indexOf(':', at)) : at;",
    ],
  ],
  [
    'host-userinfo',
    'takes userinfo for part of a host',
    [
      "if (text.includes('@', at))\n        return { failure: 'userinfo', at: text.indexOf('@', at) };",
      "if (text.includes('@', at))\n        return text.indexOf(':', text.indexOf('@', at)) === -1 ? text.length : text.indexOf(':', text.indexOf('@', at));",
    ],
  ],
  [
    'host-literal',
    'takes anything in brackets',
    ['if (isIPv6(inner) || IPV_FUTURE.test(inner))', 'if (inner !== undefined)'],
  ],
  [
    'host-literal-none',
    'knows no address literals',
    ['if (isIPv6(inner) || IPV_FUTURE.test(inner))', "if (inner === '')"],
  ],
  [
    'port-any',
    'takes any octets for a port',
    [
      "if (digit < 0 || digit > 9)\n            return { failure: 'octet', at: i };",
      'if (digit < 0 || digit > 9)\n            continue;',
    ],
    ["if (port > 65_535)\n            return { failure: 'octet', at: i };", ''],
  ],
  [
    'port-none',
    'takes what stands behind a literal as it is',
    [
      "if (text[at] !== ':')\n        return { failure: 'octet', at };",
      "if (text[at] !== ':')\n        return undefined;",
    ],
  ],
  ['host-nothing', 'takes an empty host', ["return { failure: 'empty', at: 0 };", ';']],
]);

const TARGET = mutantsOf('core/semantics/target', [
  [
    'target-percent',
    'takes a broken escape',
    ["if (broken !== -1)\n        return { failure: 'percent', at: broken };", ''],
  ],
  [
    'asterisk-any',
    'takes * for any method',
    [
      "return method === 'OPTIONS' ? { form: 'asterisk' } : { failure: 'asterisk', at: 0 };",
      "return { form: 'origin', path: '/', query: undefined };",
    ],
  ],
  [
    'absolute-refused',
    'refuses the absolute-form',
    ['return parseAbsoluteForm(text);', "return { failure: 'form', at: 0 };"],
  ],
  [
    'target-form-any',
    'takes a target of no form',
    [
      "return { failure: 'form', at: 0 };\n    // RFC9112#3.2.2",
      "return { form: 'origin', path: `/${text}`, query: undefined };\n    // RFC9112#3.2.2",
    ],
  ],
  [
    'absolute-no-authority',
    'takes an absolute-form without an authority',
    ["return { failure: 'authority', at: scheme.length };", "return parseOriginForm('/');"],
  ],
  [
    'absolute-host-any',
    'takes any host in the absolute-form',
    [
      "if ('failure' in host)\n        return hostFailure(host.failure, start + host.at);",
      "if ('failure' in host)\n        return parseOriginForm('/');",
    ],
  ],
]);

const SMALL = [
  ...mutantsOf('core/semantics/trailer', [
    [
      'trailer-fields-none',
      'allows no field in a trailer section',
      ['return FORBIDDEN.has(name.toLowerCase());', 'return true;'],
    ],
  ]),
  ...mutantsOf('core/semantics/expectation', [
    [
      'expectation-none',
      'refuses 100-continue',
      ["return members.length === 0 ? 'none' : 'continue';", "return 'unknown';"],
    ],
    [
      'expectation-deaf',
      'ignores 100-continue',
      ["return members.length === 0 ? 'none' : 'continue';", "return 'none';"],
    ],
  ]),
  ...mutantsOf('core/semantics/list', [
    ['list-case', 'compares list members with regard to case', ["list.toLowerCase().split(',')", "list.split(',')"]],
  ]),
  ...mutantsOf('core/semantics/status', []),
  ...mutantsOf('core/server/policy', [
    ['no-allow', 'sends 405 without Allow', ["response.set('Allow', 'GET, HEAD, POST, PUT, DELETE, OPTIONS');", ';']],
    [
      'connect-served',
      'answers CONNECT like GET',
      [
        "return request.method === 'CONNECT' && !mayConnect(request, connect) ? 501 : undefined;",
        "return request.method === 'CONNECT' ? 200 : undefined;",
      ],
    ],
    [
      'trace-unsaid',
      'answers TRACE with 200 and no trace',
      ["if (request.method === 'TRACE')\n        return 405;", "if (request.method === 'TRACE')\n        return 200;"],
    ],
    [
      'https-in-clear',
      'serves https over a connection in clear',
      ["if (request.scheme === 'https' && !request.peer.isSecure && !trustsGateway)\n        return 421;", ''],
    ],
  ]),
  ...mutantsOf('core/server/router', [
    ['no-head', 'knows no HEAD', ["?? (method === 'HEAD' ? route.handlers.get('GET') : undefined)", '']],
    [
      'no-allow-of-route',
      'sends 405 of a route without Allow',
      [
        "response.set('Allow', allowed.join(', '));\n        return answerStatus(response, 405);",
        'return answerStatus(response, 405);',
      ],
    ],
  ]),
];

export const SEMANTICS: readonly Mutant[] = [...HOST, ...TARGET, ...SMALL];
