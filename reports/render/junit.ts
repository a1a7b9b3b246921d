import type { Gate, GateFinding } from '../gate/gate.ts';
import type { CaseResult, Finding, Report } from '../report.ts';
import { CLASS_WORDS, excuse, type FindingLookup, findingLookup } from './labels.ts';
import { type Markup, markup, uncut } from './markup.ts';

/**
 * JUnit XML in the dialect that GitLab, Jenkins and the GitHub actions read alike: a unique `classname` and `name`,
 * the message as attribute and as content, `time` in seconds.
 *
 * What fails the gate is a `failure`; what could not be judged is an `error`; what is known or skipped is `skipped`
 * with its reason; a flaky case passes with a `flakyFailure`; a warning passes with a `system-out`.
 */
export function renderJunit(report: Report, gate: Gate): string {
  const lookup = findingLookup(gate);
  const cases = new Map<string, CaseResult[]>(report.areas.map(({ area }) => [area, []]));
  for (const result of report.cases) cases.get(result.area)?.push(result);
  const suites = [
    ...[...cases].map(([area, results]) => caseSuite(area, results, report, lookup)),
    suite('aeronet.fuzz', fuzzTests(report.findings, lookup)),
    suite('aeronet.gate', gate.findings.filter((finding) => !IN_OTHER_SUITES.has(finding.about)).map(gateTest)),
  ].filter((made) => made !== undefined);
  const xml = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aeronet"${totals(suites.flatMap((made) => made.tests))}>
${suites.map((made) => made.xml)}</testsuites>
`;
  return xml.text;
}

const IN_OTHER_SUITES: ReadonlySet<string> = new Set<GateFinding['about']>(['case', 'crash']);

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface Test {
  readonly xml: Markup;
  readonly outcome: Outcome;
  readonly seconds: number;
}

interface Suite {
  readonly xml: Markup;
  readonly tests: readonly Test[];
}

function suite(name: string, tests: readonly Test[], timestamp?: string): Suite | undefined {
  if (tests.length === 0) return undefined;
  const when = timestamp !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]{5,15}Z?$/.test(timestamp) ? timestamp : undefined;
  const xml = markup`  <testsuite name="${name}"${totals(tests)}${when !== undefined && markup` timestamp="${when}"`}>
${tests.map((test) => test.xml)}  </testsuite>
`;
  return { xml, tests };
}

function totals(tests: readonly Test[]): Markup {
  const count = (outcome: Outcome): number => tests.filter((test) => test.outcome === outcome).length;
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  return markup` tests="${tests.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`;
}

function caseSuite(
  area: string,
  results: readonly CaseResult[],
  report: Report,
  lookup: FindingLookup,
): Suite | undefined {
  const name = `aeronet.conformance.${area}`;
  const started = report.runs[results[0]?.run ?? 0]?.start.startedAt;
  return suite(
    name,
    results.map((result) => caseTest(name, result, lookup(result))),
    started,
  );
}

function caseTest(classname: string, result: CaseResult, finding: GateFinding | undefined): Test {
  const seconds = result.durationMs / 1_000;
  const facts = { level: result.level, rfc: result.rfc, verdict: result.verdict, connection: result.connection };
  const head = properties(facts);
  if (finding !== undefined) return test(classname, result.key, seconds, outcomeOf(finding), head);
  if (result.verdict === 'skip') return test(classname, result.key, seconds, skipped(result.reason), head);
  return test(classname, result.key, seconds, PASSED, head);
}

function fuzzTests(findings: readonly Finding[], lookup: FindingLookup): Test[] {
  return findings.map((finding) => {
    const gateFinding = lookup(finding);
    const outcome = gateFinding === undefined ? PASSED : outcomeOf(gateFinding);
    const facts = { target: finding.target, failure: finding.failure, excerpt: finding.excerpt };
    return test('aeronet.fuzz', `${finding.key} @${finding.target}`, 0, outcome, properties(facts));
  });
}

const gateTest = (finding: GateFinding): Test => test('aeronet.gate', finding.key, 0, outcomeOf(finding), markup``);

interface Told {
  readonly outcome: Outcome;
  readonly xml: Markup;
}

const PASSED: Told = { outcome: 'passed', xml: markup`` };

function outcomeOf(finding: GateFinding): Told {
  const type = CLASS_WORDS[finding.class];
  const message = `${type}: ${finding.why}`;
  if (finding.effect === 'fail') return detailed('failure', markup`failure`, message, finding);
  if (finding.effect === 'inconclusive') return detailed('error', markup`error`, message, finding);
  if (finding.class === 'known' || finding.class === 'known-flaky') return skipped(`${type}: ${excuse(finding)}`);
  if (finding.class === 'flaky') return detailed('passed', markup`flakyFailure`, message, finding);
  return {
    outcome: 'passed',
    xml: markup`      <system-out>warning: ${message}
${details(finding)}</system-out>
`,
  };
}

function detailed(outcome: Outcome, element: Markup, message: string, finding: GateFinding): Told {
  return {
    outcome,
    xml: markup`      <${element} message="${message}" type="${finding.class}">${message}
${details(finding)}</${element}>
`,
  };
}

const skipped = (message: string): Told => ({
  outcome: 'skipped',
  xml: markup`      <skipped message="${message}"/>
`,
});

function details(finding: GateFinding): Markup {
  const row = (label: string, text: string | Markup | undefined): Markup =>
    text === undefined
      ? markup``
      : markup`${label}: ${text}
`;
  const repro = finding.repro === undefined ? undefined : uncut(finding.repro);
  return markup`${row('got', finding.got ?? finding.now)}${row('want', finding.want)}${row('evidence', finding.evidence)}${row('repro', repro)}`;
}

function properties(facts: Readonly<Record<string, string>>): Markup {
  const list = Object.entries(facts).map(([name, value]) => markup`<property name="${name}" value="${value}"/>`);
  return markup`      <properties>${list}</properties>
`;
}

function test(classname: string, name: string, seconds: number, told: Told, head: Markup): Test {
  const xml = markup`    <testcase classname="${classname}" name="${name}" time="${seconds.toFixed(3)}">
${head}${told.xml}    </testcase>
`;
  return { xml, outcome: told.outcome, seconds };
}
