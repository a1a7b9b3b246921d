import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';
import { selfSigned } from './self-signed.ts';

/** Where the pair lies that `{cert}` and `{key}` of a start command stand for. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

let files: CertificateFiles | undefined;

/** A self-signed pair for localhost in a folder of its own; made once for the process and removed with it. */
export function certificateFiles(): CertificateFiles {
  if (files !== undefined) return files;
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-tls-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const { cert, key } = selfSigned();
  files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return files;
}
