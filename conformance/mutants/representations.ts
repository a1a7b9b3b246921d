/** Conditions, validators and ranges of a representation understood wrongly. */
import { type Mutant, mutantsOf } from './mutant.ts';

const CONDITIONAL = mutantsOf('core/semantics/conditional', [
  ['if-match-ignored', 'ignores If-Match', ["const ifMatch = fields.get('if-match');", 'const ifMatch = undefined;']],
  [
    'if-match-weak',
    'compares If-Match weakly',
    ['if (!isListed(ifMatch, selected, matchesStrongly))', 'if (!isListed(ifMatch, selected, matchesWeakly))'],
  ],
  [
    'if-match-and-date',
    'heeds If-Unmodified-Since beside If-Match',
    [
      "else if (isModifiedSince(fields.get('if-unmodified-since'), selected, nowMs) === true) {",
      "if (isModifiedSince(fields.get('if-unmodified-since'), selected, nowMs) === true) {",
    ],
  ],
  ['if-unmodified-ignored', 'ignores If-Unmodified-Since', ["fields.get('if-unmodified-since')", 'undefined']],
  [
    'if-none-match-ignored',
    'ignores If-None-Match',
    ["const ifNoneMatch = fields.get('if-none-match');", 'const ifNoneMatch = undefined;'],
  ],
  [
    'if-none-match-strong',
    'compares If-None-Match strongly',
    ['if (!isListed(ifNoneMatch, selected, matchesWeakly))', 'if (!isListed(ifNoneMatch, selected, matchesStrongly))'],
  ],
  ['if-none-match-412', 'answers 412 to GET', ["return isRead ? 'not-modified' : 'failed';", "return 'failed';"]],
  [
    'if-none-match-and-date',
    'heeds If-Modified-Since beside If-None-Match',
    [
      "if (!isListed(ifNoneMatch, selected, matchesWeakly))\n            return 'proceed';\n",
      "if (!isListed(ifNoneMatch, selected, matchesWeakly))\n            return isModifiedSince(fields.get('if-modified-since'), selected, nowMs) === false ? 'not-modified' : 'proceed';\n",
    ],
  ],
  ['if-modified-ignored', 'ignores If-Modified-Since', ["fields.get('if-modified-since')", 'undefined']],
  [
    'if-modified-exact',
    'wants the very date in If-Modified-Since',
    ['return wholeSecond(selected.lastModifiedMs) > date;', 'return wholeSecond(selected.lastModifiedMs) !== date;'],
  ],
  [
    'conditions-reversed',
    'looks at If-None-Match before If-Match',
    [
      'if (ifMatch !== undefined) {',
      "if (ifMatch !== undefined && isRead && fields.has('if-none-match') && isListed(fields.get('if-none-match'), selected, matchesWeakly))\n        return 'not-modified';\n    if (ifMatch !== undefined) {",
    ],
  ],
  [
    'star-never',
    'does not know *',
    ["if (tags === '*')\n        return true;", "if (tags === '*')\n        return false;"],
  ],
  [
    'tags-first',
    'looks at the first tag of a list alone',
    ['tags.some((tag) => matches(tag, entityTag))', 'tags.slice(0, 1).some((tag) => matches(tag, entityTag))'],
  ],
  ['if-range-ignored', 'ignores If-Range', ["const ifRange = fields.get('if-range');", 'const ifRange = undefined;']],
  [
    'if-range-weak',
    'compares If-Range weakly',
    [
      'return tag !== undefined && entityTag !== undefined && matchesStrongly(tag, entityTag);',
      'return tag !== undefined && entityTag !== undefined && matchesWeakly(tag, entityTag);',
    ],
  ],
  [
    'if-range-never',
    'takes every If-Range for one that does not match',
    [
      'if (ifRange === undefined)\n        return true;',
      'if (ifRange === undefined)\n        return true;\n    return false;',
    ],
  ],
  [
    'if-range-later',
    'takes any later date in If-Range',
    [
      'return date === wholeSecond(lastModifiedMs) && nowMs - date >= 1_000;',
      'return date >= wholeSecond(lastModifiedMs);',
    ],
  ],
]);

const TAGS = [
  ...mutantsOf('core/semantics/entity-tag', [
    [
      'tag-case',
      'compares entity tags without regard to case',
      [
        'matchesWeakly(a, b) {\n    return a.opaque === b.opaque;',
        'matchesWeakly(a, b) {\n    return a.opaque.toLowerCase() === b.opaque.toLowerCase();',
      ],
    ],
    [
      'tag-list-single',
      'does not know lists of entity tags',
      ['const tags = [];\n', "const tags = [];\n    if (value.includes(','))\n        return undefined;\n"],
    ],
    [
      'tag-sent-weak',
      'marks a strong tag as weak',
      ["return `${isWeak ? 'W/' : ''}\"${opaque}\"`;", 'return `W/"${opaque}"`;'],
    ],
    [
      'tag-sent-bare',
      'sends an entity tag without quotes',
      ["return `${isWeak ? 'W/' : ''}\"${opaque}\"`;", 'return opaque;'],
    ],
  ]),
  ...mutantsOf('core/semantics/date', [
    [
      'date-imf-only',
      'knows one form of dates',
      ['const rfc850 = RFC850_DATE.exec(text);', 'const rfc850 = null;'],
      ['const asctime = ASCTIME_DATE.exec(text);', 'const asctime = null;'],
    ],
    [
      'date-lenient',
      'takes whatever Date.parse() takes',
      [
        'if (asctime === null)\n        return undefined;',
        'if (asctime === null)\n        return Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text);',
      ],
    ],
    [
      'date-century',
      'takes a year of two digits for one of this century, the present one at most',
      [
        'return limit - ((limit + 100 - lastTwo) % 100);',
        'return Math.min(2000 + lastTwo, new Date().getUTCFullYear());',
      ],
    ],
    [
      'date-none',
      'knows no dates',
      ['const fixdate = IMF_FIXDATE.exec(text);', 'return undefined;\n    const fixdate = IMF_FIXDATE.exec(text);'],
    ],
    ['date-sent-local', 'sends dates without their zone', ['${clock} GMT`', '${clock} UTC`']],
  ]),
];

const RANGE = [
  ...mutantsOf('core/semantics/range', [
    [
      'range-unit-case',
      'knows its range unit in lower case only',
      ["field.slice(0, equals).toLowerCase() !== 'bytes'", "field.slice(0, equals) !== 'bytes'"],
    ],
    [
      'range-unit-any',
      'takes any range unit for bytes',
      ["if (equals === -1 || field.slice(0, equals).toLowerCase() !== 'bytes')", 'if (equals === -1)'],
    ],
    [
      'range-unit-416',
      'answers 416 to a unit that it does not know',
      [
        'if (specs === undefined)\n        return WHOLE;',
        "if (specs === undefined)\n        return { kind: 'unsatisfiable' };",
      ],
    ],
    [
      'range-off-by-one',
      'takes the last position for one behind',
      ['last: Math.min(last, bytes - 1)', 'last: Math.max(first, Math.min(last, bytes - 1) - 1)'],
    ],
    [
      'range-unclamped',
      'answers 416 to a range that ends behind the content',
      ['return first < bytes ? [{', 'return first < bytes && (last < bytes || last === Number.POSITIVE_INFINITY) ? [{'],
    ],
    [
      'range-suffix-as-first',
      'takes a suffix for a first position',
      [
        "return last === '' ? undefined : { kind: 'suffix', bytes: Number(last) };",
        "return last === '' ? undefined : { kind: 'from', first: 0, last: Number(last) };",
      ],
    ],
    [
      'range-suffix-416',
      'answers 416 to a suffix that is too long',
      ['return spec.bytes === 0 ? []', 'return spec.bytes === 0 || spec.bytes > bytes ? []'],
    ],
    [
      'range-suffix-zero',
      'answers a suffix of 0 with everything',
      ['return spec.bytes === 0 ? [] : [', 'return spec.bytes === 0 ? [{ first: 0, last: bytes - 1 }] : ['],
    ],
    [
      'range-open-none',
      'does not know open ranges',
      [
        "if (last === '')\n        return { kind: 'from', first: Number(first), last: undefined };",
        "if (last === '')\n        return undefined;",
      ],
    ],
    [
      'range-reversed',
      'turns a reversed range round',
      [
        'return isLess(last, first) ? undefined : {',
        "return isLess(last, first) ? { kind: 'from', first: Number(last), last: Number(first) } : {",
      ],
    ],
    [
      'range-reversed-416',
      'answers 416 to a reversed range',
      ['return isLess(last, first) ? undefined : {', "return isLess(last, first) ? { kind: 'suffix', bytes: 0 } : {"],
    ],
    [
      'range-first-only',
      'serves the first of several ranges alone',
      ['specs.push(spec);', 'if (specs.length === 0)\n            specs.push(spec);'],
    ],
    ['range-empty-member', 'refuses empty members of a list', ["if (text === '')\n            continue;", '']],
    [
      'range-loose',
      'skips what is no range',
      [
        'if (spec === undefined || specs.length === maxRanges)\n            return undefined;',
        'if (spec === undefined || specs.length === maxRanges)\n            continue;',
      ],
    ],
    [
      'range-uncoalesced',
      'sends overlapping ranges as they are asked for',
      ['const ranges = coalesce(asked.filter(({ first, last }) => first <= last));', 'const ranges = asked;'],
    ],
    [
      'range-sorted',
      'sends ranges in their order in the content',
      ['return merged.sort((a, b) => a.index - b.index)', 'return merged'],
    ],
    [
      'range-unsatisfiable-whole',
      'answers what cannot be satisfied with everything',
      ["return { kind: 'unsatisfiable' };", 'return WHOLE;'],
    ],
    [
      'range-any-unsatisfiable',
      'answers 416 where one of several ranges cannot be satisfied',
      ['if (asked.length === 0)', 'if (asked.length < specs.length)'],
    ],
    [
      'range-space',
      'takes white space within a range',
      ['const MEMBER = /^(\\d*)-(\\d*)$/;', 'const MEMBER = /^(\\d*)\\s*-\\s*(\\d*)$/;'],
    ],
  ]),
  ...mutantsOf('core/semantics/byteranges', [
    [
      'content-range-no-length',
      'leaves the length out of Content-Range',
      ['`bytes ${range.first}-${range.last}/${bytes}`', '`bytes ${range.first}-${range.last}/*`'],
    ],
    [
      'content-range-wrong',
      'names a Content-Range that is one off',
      ['`bytes ${range.first}-${range.last}/${bytes}`', '`bytes ${range.first}-${range.last + 1}/${bytes}`'],
    ],
    [
      'content-range-equals',
      'writes Content-Range with "="',
      ['`bytes ${range.first}-${range.last}/${bytes}`', '`bytes=${range.first}-${range.last}/${bytes}`'],
    ],
    ['unsatisfied-form', 'names no length with 416', ['`bytes */${bytes}`', '`bytes 0-0/${bytes}`']],
    [
      'multipart-no-range',
      'leaves Content-Range out of the parts',
      ['Content-Range: ${contentRange(range, bytes)}\\r\\n\\r\\n', '\\r\\n'],
    ],
    [
      'multipart-no-type',
      'leaves Content-Type out of the parts',
      ['Content-Type: ${type}\\r\\nContent-Range', 'Content-Range'],
    ],
    [
      'multipart-open',
      'does not close a multipart',
      ['const closing = `\\r\\n--${boundary}--\\r\\n`;', 'const closing = `\\r\\n--${boundary}\\r\\n`;'],
    ],
    ['multipart-boundary', 'names another boundary', ['boundary=${boundary}`', 'boundary=x${boundary}`']],
    [
      'multipart-type',
      'names another type for several ranges',
      ['type: `multipart/byteranges; ', 'type: `multipart/mixed; '],
    ],
    [
      'multipart-length',
      'names a wrong length for a multipart',
      ['range.last - range.first + 1, closing.length)', 'range.last - range.first + 1, closing.length + 2)'],
    ],
  ]),
  ...mutantsOf('core/server/files/serve-file', [
    ['no-etag', 'sends no ETag', ["response.set('ETag', formatEntityTag(entityTag));", ';']],
    ['no-last-modified', 'sends no Last-Modified', ["response.set('Last-Modified', imfFixdate(lastModifiedMs));", ';']],
    [
      'range-for-any-method',
      'heeds Range of every method',
      [
        "const asked = request.method === 'GET' ? request.fields.get('range') : undefined;",
        "const asked = request.fields.get('range');",
      ],
    ],
    [
      'range-ignored',
      'ignores Range',
      ["const asked = request.method === 'GET' ? request.fields.get('range') : undefined;", 'const asked = undefined;'],
    ],
    [
      'range-before-conditions',
      'answers a range before the conditions',
      [
        'switch (evaluatePreconditions(request.method, request.fields, file.validators, nowMs)) {',
        "switch (request.fields.has('range') ? 'proceed' : evaluatePreconditions(request.method, request.fields, file.validators, nowMs)) {",
      ],
    ],
    [
      'unsatisfiable-bare',
      'sends 416 without Content-Range',
      ["response.set('Content-Range', contentRange(undefined, file.bytes));", ';'],
    ],
    ['partial-200', 'sends a part with 200', ['response.status = 206;', ';']],
    [
      'single-as-multipart',
      'sends a single range as a multipart',
      ['if (only !== undefined && second === undefined) {', 'if (only === undefined) {'],
    ],
    [
      'single-no-content-range',
      'sends a single range without Content-Range',
      [".set('Content-Range', contentRange(only, file.bytes))", ''],
    ],
    [
      'multipart-content-range',
      'names Content-Range beside a multipart',
      [
        "response.set('Content-Type', multipart.type);",
        "response.set('Content-Type', multipart.type).set('Content-Range', contentRange(ranges[0], file.bytes));",
      ],
    ],
    [
      'failed-as-200',
      'answers a failed condition with content',
      ["case 'failed':\n            return answerStatus(response, 412);", "case 'failed':\n            break;"],
    ],
    [
      'range-content-shifted',
      'sends the octets behind those that were asked for',
      ['return file.octets.subarray(first, last + 1);', 'return file.octets.subarray(first + 1, last + 2);'],
    ],
    [
      'not-modified-bare',
      'sends 304 without its validators',
      [
        "case 'not-modified':\n            response.status = 304;",
        "case 'not-modified':\n            response.reset();\n            response.status = 304;",
      ],
    ],
    [
      'range-without-length',
      'takes If-Range without Range',
      [
        'const plan = asked !== undefined &&',
        "const plan = asked === undefined && request.fields.has('if-range') ? { kind: 'unsatisfiable' } : asked !== undefined &&",
      ],
    ],
  ]),
];

export const REPRESENTATIONS: readonly Mutant[] = [...CONDITIONAL, ...TAGS, ...RANGE];
