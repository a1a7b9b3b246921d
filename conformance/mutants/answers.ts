/** Responses that are wrong in themselves, whatever was asked: what `h1/lint` and its like are there for. */
import { type Mutant, mutantsOf } from './mutant.ts';

/** What is written in front of the policy of the server, and so of every handler. */
const POLICY = 'const status = refusalOf(request, policy);';

export const ANSWERS: readonly Mutant[] = [
  ...mutantsOf('core/http1/response-head', [
    ['date-twice', 'sends Date twice', ['`Date: ${date}\\r\\n`', '`Date: ${date}\\r\\nDate: ${date}\\r\\n`']],
    ['date-name-space', 'sends a space in front of a colon', ['`Date: ${date}\\r\\n`', '`Date : ${date}\\r\\n`']],
    [
      'control-sent',
      'sends a control character in a field',
      ['${reason}\\r\\n${dateLine}', '${reason}\\r\\nX-Node: a\\x01b\\r\\n${dateLine}'],
    ],
    [
      'keep-alive-unlisted',
      'sends Keep-Alive and does not list it in Connection',
      ["return isOld ? 'Connection: keep-alive\\r\\n' : '';", "return 'Keep-Alive: timeout=5\\r\\n';"],
    ],
    [
      'missing-205',
      'says 205 where there is nothing, and says so in content',
      ['return `HTTP/1.1 ${status} ${reason}', 'return `HTTP/1.1 ${status === 404 ? 205 : status} ${reason}'],
    ],
    [
      'missing-framed-twice',
      'names a length and a coding where there is nothing',
      [
        'lastOctets = octetsOf(`${framingLine(coding, length)}',
        "lastOctets = octetsOf(`${status === 404 ? 'Transfer-Encoding: chunked\\r\\n' : ''}${framingLine(coding, length)}",
      ],
      ['if (isSame && last.isOld === isOld)', 'if (isSame && last.isOld === isOld && status === 200)'],
    ],
  ]),
  ...mutantsOf('core/http1/response-writer', [
    [
      'interim-length',
      'names a length with 100 (Continue)',
      [
        "${REASONS[status] ?? ''}\\r\\n${encodeFields(fields)}",
        "${REASONS[status] ?? ''}\\r\\nContent-Length: 0\\r\\n${encodeFields(fields)}",
      ],
    ],
    [
      'interim-chunked',
      'names a coding with 100 (Continue)',
      [
        "${REASONS[status] ?? ''}\\r\\n${encodeFields(fields)}",
        "${REASONS[status] ?? ''}\\r\\nTransfer-Encoding: chunked\\r\\n${encodeFields(fields)}",
      ],
    ],
    [
      'type-as-trailer',
      'sends Content-Type behind the content where there is nothing',
      [
        'if (!isEmpty)\n            this.output.bytes(content);',
        'if (!isEmpty)\n            this.output.bytes(content);\n        if (!isEmpty && head.status === 404)\n            this.output.text("\\r\\n0\\r\\nContent-Type: text/plain\\r\\n\\r\\n");',
      ],
      [
        'this.#writeHead(head, persistence, coding, hasLength ? content.length : undefined);',
        "this.#writeHead(head, persistence, !isEmpty && head.status === 404 ? 'chunked' : coding, hasLength ? content.length : undefined);\n        if (!isEmpty && head.status === 404)\n            this.output.text(`${content.length.toString(16)}\\r\\n`);",
      ],
    ],
  ]),
  ...mutantsOf('core/server/files/serve-file', [
    [
      'modified-tomorrow',
      'says that a file was changed tomorrow',
      ['imfFixdate(lastModifiedMs)', 'imfFixdate(nowMs + 86_400_000)'],
    ],
    [
      'location-no-host',
      'names a place without a host',
      [
        "response.set('Accept-Ranges', 'bytes');",
        "response.set('Accept-Ranges', 'bytes').set('Content-Location', 'http:///file.bin');",
      ],
    ],
    [
      'coding-untrue',
      'says gzip of what is not coded',
      [
        "response.set('Accept-Ranges', 'bytes');",
        "response.set('Accept-Ranges', 'bytes');\n    if (request.fields.has('accept-encoding'))\n        response.set('Content-Encoding', 'gzip');",
      ],
    ],
  ]),
  ...mutantsOf('core/server/policy', [
    [
      'upgrade-501',
      'refuses who asks for another protocol',
      [POLICY, "const status = request.fields.has('upgrade') ? 501 : refusalOf(request, policy);"],
    ],
    [
      'upgrade-426-bare',
      'asks for another protocol and does not say which',
      [POLICY, "const status = request.fields.has('upgrade') ? 426 : refusalOf(request, policy);"],
    ],
    [
      'credentials-401-bare',
      'refuses credentials and does not say which it takes',
      [POLICY, "const status = request.fields.has('authorization') ? 401 : refusalOf(request, policy);"],
    ],
    [
      'session-401-bare',
      'refuses a session and does not say which credentials it takes',
      [POLICY, "const status = request.fields.has('cookie') ? 401 : refusalOf(request, policy);"],
    ],
    [
      'content-location-heeded',
      'looks for a resource where Content-Location says',
      [POLICY, "const status = request.fields.has('content-location') ? 404 : refusalOf(request, policy);"],
    ],
    [
      'modified-since-everywhere',
      'heeds If-Modified-Since whatever is asked for',
      [
        POLICY,
        `if (request.fields.has('if-modified-since')) {\n        response.status = 304;\n        response.send();\n        return true;\n    }\n    ${POLICY}`,
      ],
    ],
    [
      'unmodified-since-everywhere',
      'heeds If-Unmodified-Since whatever is asked for',
      [POLICY, "const status = request.fields.has('if-unmodified-since') ? 412 : refusalOf(request, policy);"],
    ],
    [
      'if-range-everywhere',
      'heeds If-Range whatever is asked for',
      [POLICY, "const status = request.fields.has('if-range') ? 412 : refusalOf(request, policy);"],
    ],
    [
      'if-match-everywhere',
      'heeds If-Match whatever is asked for',
      [POLICY, "const status = request.fields.has('if-match') ? 412 : refusalOf(request, policy);"],
    ],
  ]),
];
