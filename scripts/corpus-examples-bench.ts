/** Files as others write them, and hostile texts: seeds of the targets that are the bench's own readers and renderers. */
import type { ExampleSet } from './corpus-examples.ts';

const CASE = (section: string, body = ''): string =>
  `    <testcase package="${section}" classname="Sends a frame" time="0.0012">${body}</testcase>\n`;
const JUNIT = (count: number, cases: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="6.9. WINDOW_UPDATE" package="http2/6.9" tests="${count}" skipped="0" failures="0" errors="0">\n${cases}  </testsuite>\n</testsuites>\n`;

const REPORTS: readonly string[] = [
  JUNIT(2, CASE('http2/6.9.1') + CASE('http2/6.9.2', '\n      <skipped></skipped>\n    ')),
  JUNIT(
    1,
    CASE(
      'http2/6.9.1',
      '\n      <error>Expect:&#xA;GOAWAY Frame (Error Code: FLOW_CONTROL_ERROR)\nConnection closed\nActual:\nTimeout</error>\n    ',
    ),
  ),
  JUNIT(1, CASE('hpack/4.2', '\n      <failure>dial tcp <b>127.0.0.1</failure></failure>\n    ')),
  JUNIT(3, CASE('generic/1')),
  '<testsuites>\n</testsuites>',
  '<testsuites>',
];

const START =
  '{"kind":"run-start","schema":1,"producer":"conformance","version":"0.1.0","node":"v20","os":"linux","startedAt":"2026-11-24T03:00:00.000Z","seed":1,"command":"npx aeronet conform core"}\n';
const CASE_EVENT =
  '{"kind":"case","id":"h1/chunked/a","target":"core","area":"chunked","title":"t","level":"MUST","rfc":"RFC9112#7.1","verdict":"fail","connection":"closed","reason":"r","expected":"400","actual":"200","durationMs":1,"attempts":["fail","pass"],"repro":"npx aeronet"}\n';
const FINDING =
  '{"kind":"finding","target":"http1-request","signature":"v1:00","failure":"oracle","errorClass":"e","message":"m","frames":[],"reproduced":"5/5","status":"open","inputBytes":1,"excerpt":"00","repro":"npx aeronet"}\n';
const STATS =
  '{"kind":"fuzz-stats","target":"huffman","engine":"aeronet","executions":1,"elapsedMs":1,"cpuMs":1,"edgesHit":1,"edgesTotal":2,"corpusEntries":1,"replayed":0}\n';
const STOP = '{"kind":"run-end","elapsedMs":1,"complete":true}\n';

const RESULTS: readonly string[] = [
  START + CASE_EVENT + FINDING + STATS + STOP,
  START + CASE_EVENT.replace('"fail","pass"', '"pass"').replace('"verdict":"fail"', '"verdict":"pass"') + STOP,
  START + CASE_EVENT.slice(0, 60),
  CASE_EVENT,
  START.replace('"schema":1', '"schema":2'),
  START + START + STOP,
  `${START}\n{"kind":"case","__proto__":{"id":1}}\n`,
  START.replace('v20', '\xff'),
];

const EXPECTATIONS: readonly string[] = [
  '{"key":"h1/a/b @core","expect":"fail","reason":"not yet","issue":"12","owner":"me","added":"2026-01-01","expires":"2027-01-01"}\n{"key":"h1/a/c @core","expect":["fail","pass"],"reason":"flaky","level":"MUST","when":{"node":["20","22"],"os":"linux"}}\n',
  '{"key":"crash v1:00ff","expect":"crash","reason":"known","signature":"200 open"}\n',
  '{"key":"b @x","expect":"fail","reason":"r"}\n{"key":"a @x","expect":"fail","reason":"r"}\n',
  '{"key":"a @x","expect":"pass","reason":"r"}',
  '{"key":"a @x","expect":"fail","reason":"r","expires":"2026-02-30"}',
  '[]\n\n{',
];

const RULES: readonly string[] = [
  '{"should":"error","area:hpack":"warn","kind:flaky":"off"}',
  '{"must":"off","area:a*chunked":"error"}',
  '{"area:*":"off","area:*/chunked":"warn","kind:new-failure":"error"}',
  '{"kind:new-failure":"off","must":"error"}',
  '{"kind:new-crash":"warn"}',
  '{"kind:incomplete":"off"}',
  '{\n"kind:nothing":"off"}',
  '{"__proto__":"off"}',
  '{"\\u001b[2J":"off"}',
  `{"area:${'*a'.repeat(20)}":"off"}`,
  '[]',
  '{',
];

const PAYLOADS: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '\x1b[2J\x1b]0;title\x07',
  '\n::error title=x::y\r\n##[group]z',
  ']]></testcase><!-- & &amp; &#0;',
  '\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf\xc2\xad',
  '| a | b |\n|---|---|\n```\n# x\n[a](javascript:b) <details>',
  '\xed\xa0\x80\xff\xfe\x00\x85',
  `${'x'.repeat(200)}\\`,
];

const META =
  '{"schema":1,"target":"huffman","signature":"v1:0123456789abcdef","kind":"oracle","errorClass":"OracleError","message":"m","frames":["f"],"stack":"s","offset":1,"engine":"aeronet","seed":1,"execution":2,"firstSeen":"2026-11-24T03:00:00.000Z","commit":"unknown","node":"v20","reproduced":"5/5","status":"fixed","input":{"bytes":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}';
const MANIFEST =
  '{"schema":1,"sets":[{"target":"huffman","set":"examples","origin":"o","licence":"MIT","files":[],"digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}';

const CORPUS_FILES: readonly string[] = [
  META,
  MANIFEST,
  META.replace('huffman', '../huffman'),
  META.replace('"seed":1', '"seed":1e999'),
  META.replace('{', '{"\\u001b[2J":1,'),
  META.replace('{', '{"__proto__":{"polluted":1},'),
  MANIFEST.replace('huffman', '../..'),
  MANIFEST.replace('"files":[]', '"files":["../../../x.bin"]'),
  MANIFEST.replace('"examples"', '"\\u001b[2J"').replace('e3b0', 'f3b0'),
  '{"schema":1,"sets":[\x1b[2J]}',
  '\xff\xfe',
  'null',
];

const HERE = 'scripts/corpus-examples-bench.ts';

/** All sets of these targets. */
export const BENCH_EXAMPLE_SETS: readonly ExampleSet[] = [
  {
    target: 'bench-h2spec',
    set: 'reports',
    origin: `${HERE}: reports as h2spec writes them, whole and broken`,
    inputs: REPORTS,
  },
  { target: 'bench-results', set: 'results', origin: `${HERE}: results files, whole, cut and wrong`, inputs: RESULTS },
  {
    target: 'bench-expectations',
    set: 'files',
    origin: `${HERE}: expectations files, right and wrong`,
    inputs: EXPECTATIONS,
  },
  { target: 'bench-config', set: 'rules', origin: `${HERE}: rules of the gate, right and wrong`, inputs: RULES },
  {
    target: 'bench-corpus-entry',
    set: 'files',
    origin: `${HERE}: files of a corpus, right and hostile`,
    inputs: CORPUS_FILES,
  },
  { target: 'bench-renderers', set: 'payloads', origin: `${HERE}: texts that would drive a format`, inputs: PAYLOADS },
];
