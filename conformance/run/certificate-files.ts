import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf } from '../tls/identities.ts';
import { atExit } from './at-exit.ts';
import { selfSigned } from './self-signed.ts';

/** Where the pair lies that `{cert}` and `{key}` of a start command stand for, and the authorities of clients. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly membersCa: string;
  readonly staffCa: string;
}

let files: CertificateFiles | undefined;

/** A self-signed pair for localhost, and two authorities, in a folder of its own; made once for the process and removed with it. */
export function certificateFiles(): CertificateFiles {
  if (files !== undefined) return files;
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-tls-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const { cert, key } = selfSigned();
  const at = (name: string) => join(folder, name);
  files = { cert: at('cert.pem'), key: at('key.pem'), membersCa: at('members.pem'), staffCa: at('staff.pem') };
  writeFileSync(files.membersCa, clientOf('members.test').pem);
  writeFileSync(files.staffCa, clientOf('staff.test').pem);
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return files;
}
