import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { foldReport } from './fold.ts';
import { decideGate } from './gate/decide.ts';
import { parseExpectations } from './gate/expectations.ts';
import { publishedSchemas } from './published.ts';
import { SAMPLE_EXPECTATIONS, sampleEvents } from './sample.test.data.ts';

const FOLDER = fileURLToPath(new URL('schema/', import.meta.url));
const read = (name: string): string => readFileSync(`${FOLDER}${name}`, 'utf8');

t.test('the published schemas are those of the contract', async (t) => {
  const made = publishedSchemas();
  t.same(readdirSync(FOLDER).sort(), [...made.keys()].sort());
  for (const [name, text] of made)
    t.equal(read(name), text, `${name}: node dist/scripts/gen-schemas.js makes it again`);
});

t.test('another validator takes what the bench writes, and refuses what the bench refuses', async (t) => {
  const ajv = new Ajv2020({ strict: false });
  const valid = (name: string) => ajv.compile(JSON.parse(read(name)));
  const event = valid('event.schema.json');
  for (const one of sampleEvents()) t.ok(event(one), `${one.kind} ${JSON.stringify(event.errors)}`);
  for (const bad of [
    { kind: 'else' },
    { ...sampleEvents()[0], schema: 2 },
    { ...sampleEvents()[0], more: 1 },
    [],
    null,
  ]) {
    t.notOk(event(bad), JSON.stringify(bad));
  }
  const line = valid('expectation.schema.json');
  for (const one of SAMPLE_EXPECTATIONS.split('\n')) t.ok(line(JSON.parse(one)), one);
  t.notOk(line({ key: 'a/b @core', expect: 'error', reason: 'x' }));
  const rules = valid('rules.schema.json');
  t.ok(rules({ should: 'error', 'area:*': 'off' }));
  t.notOk(rules({ should: 'loud' }));
  const gate = valid('gate.schema.json');
  const report = foldReport([{ name: 'r', events: sampleEvents() }]);
  const known = parseExpectations(SAMPLE_EXPECTATIONS, 'e.jsonl');
  const decided = [
    decideGate(report, known, { base: report, baseExpectations: parseExpectations('', 'none') }),
    decideGate(report, known, { base: 'missing' }),
    decideGate(foldReport([])),
  ];
  for (const one of decided) {
    const written = JSON.parse(JSON.stringify(one));
    t.ok(gate(written), JSON.stringify(gate.errors));
    t.notOk(gate({ ...written, verdict: 'maybe' }));
  }
});
