/**
 * Paths of requests as names of files, held against a file system that is only thought of: whatever is found lies below the root,
 * and a path leads where a second reading of its octets says, or nowhere.
 */
import { posix } from 'node:path';
import { type Dotfiles, encodeOctets, parseFilePath } from '../../core/sans-io.ts';
import { OracleError, quoted } from './oracle-error.ts';

const ROOT = '/srv/root';
const HEX = '0123456789abcdef';
const NAME_BYTES = 255;

/** Demands that a path leads below the root, and where its octets say. */
export function assertConfined(path: string, dotfiles: Dotfiles): void {
  const found = parseFilePath(path, dotfiles);
  const expected = resolve(path, dotfiles);
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    broken('names', `${quoted(path)} leads to ${placeOf(found)}, not to ${placeOf(expected)}`);
  }
  if (found === undefined) return;
  const { names, isFolder } = found;
  // As the system would walk it: no name is a way of its own
  const walked = posix.resolve(ROOT, ...names);
  if (walked !== [ROOT, ...names].join('/')) broken('confinement', `${quoted(path)} leads to ${quoted(walked)}`);
  if (names.some((name) => /[/\\\0]/.test(name) || name.length > NAME_BYTES)) broken('name', `${quoted(path)}`);
  if (dotfiles === 'ignore' && names.some((name) => name.startsWith('.'))) broken('dotfile', `${quoted(path)}`);
  // Written plainly, it leads to the same file
  const plain = `/${names.map(encodeOctets).join('/')}${isFolder && names.length > 0 ? '/' : ''}`;
  if (JSON.stringify(parseFilePath(plain, dotfiles)) !== JSON.stringify(found))
    broken('plain', `${quoted(plain)} is not ${quoted(path)}`);
  if (!/^[A-Za-z0-9\-._~%/]*$/.test(plain)) broken('escape', `${quoted(plain)} is no path`);
}

/** In quotes where it is one: two paths are one failure. */
function placeOf(path: object | undefined): string {
  return path === undefined ? 'no file' : quoted(JSON.stringify(path));
}

/** Unit by unit, escapes once and once only. */
function resolve(path: string, dotfiles: Dotfiles): object | undefined {
  if (path[0] !== '/') return undefined;
  const names: string[] = [''];
  for (let at = 1; at < path.length; at++) {
    const unit = path[at] ?? '';
    if (unit === '/') {
      names.push('');
      continue;
    }
    let octet = unit.charCodeAt(0);
    if (unit === '%') {
      const digits = [path[at + 1], path[at + 2]].map((digit) => HEX.indexOf((digit ?? '').toLowerCase() || '?'));
      const [high = -1, low = -1] = digits;
      if (high < 0 || low < 0) return undefined;
      octet = high * 16 + low;
      at += 2;
      if ([0x00, 0x2f, 0x5c].includes(octet)) return undefined;
    }
    if (octet === 0x00 || octet === 0x5c) return undefined;
    names[names.length - 1] += String.fromCharCode(octet);
  }
  const isFolder = names.at(-1) === '';
  if (isFolder) names.pop();
  const isOdd = (name: string): boolean => ['', '.', '..'].includes(name) || name.length > NAME_BYTES;
  if (names.some((name) => isOdd(name) || (dotfiles === 'ignore' && name[0] === '.'))) return undefined;
  return { names, isFolder };
}

function broken(state: string, message: string): never {
  throw new OracleError('file-paths', message, { state });
}
