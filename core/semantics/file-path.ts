/**
 * From the path of a request to names of files. Text has one UTF-16 unit per octet, for a name of a file is octets, and
 * not all of them are UTF-8.
 */

/** What becomes of names that begin with a dot: they are not there, or like any other. */
export type Dotfiles = 'ignore' | 'allow';

/** Where a path leads below a root. */
export interface FilePath {
  /** Names from the root on; none for the root itself. None is empty, `.`, `..`, or has a separator or NUL in it. */
  readonly names: readonly string[];
  /** The path ends in a slash: a folder is meant. */
  readonly isFolder: boolean;
}

/** Octets of a name, in most file systems; a longer one cannot be there. */
const NAME_BYTES = 255;

/** Names behind a raw path (RFC3986#3.3), or undefined where no file may be meant. */
export function parseFilePath(path: string, dotfiles: Dotfiles): FilePath | undefined {
  if (!path.startsWith('/')) return undefined;
  const segments = path.slice(1).split('/');
  const isFolder = segments.at(-1) === '';
  if (isFolder) segments.pop();
  const names: string[] = [];
  for (const segment of segments) {
    const name = decodeOctets(segment);
    if (name === undefined || !isName(name) || (dotfiles === 'ignore' && name.startsWith('.'))) return undefined;
    names.push(name);
  }
  return { names, isFolder };
}

/** Octets of a path segment (RFC3986#2.1), undefined for a broken escape. */
export function decodeOctets(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  if (/%(?![0-9A-Fa-f]{2})/.test(segment)) return undefined;
  return segment.replace(/%(..)/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** A name as a path segment: all but unreserved characters (RFC3986#2.3) escaped. */
export function encodeOctets(name: string): string {
  return name.replace(
    /[^A-Za-z0-9\-._~]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && name.length <= NAME_BYTES && !/[/\\\0]/.test(name);
}
