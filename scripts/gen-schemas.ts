/**
 * Writes the JSON Schemas of the reports contract: `node dist/scripts/gen-schemas.js`. `--check` writes nothing and ends with 1
 * where a file is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchemas } from '../reports/published.ts';
import { packageRoot } from './cli/package-version.ts';

const folder = join(packageRoot(), 'reports', 'schema');
const isCheck = process.argv.includes('--check');
if (!isCheck) mkdirSync(folder, { recursive: true });
for (const [name, text] of publishedSchemas()) {
  const path = join(folder, name);
  if (!isCheck) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`reports/schema/${name} is stale: run node dist/scripts/gen-schemas.js`);
    process.exitCode = 1;
  }
}
