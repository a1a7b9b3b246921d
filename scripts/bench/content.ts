/** The folder whose files are served, and the certificate beside them. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PIECE = Buffer.alloc(65_536, 'The octets of a file that is sent over and over. ');

/** Path of the file of so many octets. */
export function pathOf(bytes: number): string {
  return `/content-${bytes}`;
}

/** Octets of the file at a path. */
export function bytesOf(path: string): number {
  return Number(path.slice(path.lastIndexOf('-') + 1));
}

/** Makes a folder with a file of each size; `remove` takes it away. */
export function makeContent(sizes: readonly number[]): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const size of sizes) {
      const file = openSync(join(folder, pathOf(size)), 'w');
      for (let left = size; left > 0; ) left -= writeSync(file, PIECE, 0, Math.min(left, PIECE.length));
      closeSync(file);
    }
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Makes a key and a certificate of its own in `folder`, by openssl. Says whether it could. */
export function makeCertificate(folder: string): boolean {
  const [key, cert] = ['.key.pem', '.cert.pem'].map((name) => join(folder, name));
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const args = ['req', '-x509', ...kind, '-subj', '/CN=localhost', '-keyout', `${key}`, '-out', `${cert}`];
  return spawnSync('openssl', args, { timeout: 20_000 }).status === 0;
}
