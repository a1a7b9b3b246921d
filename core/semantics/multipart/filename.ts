/** Controls, and marks that turn the direction of text round so that `exe.gnp` looks like `png.exe`. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The name of a file without a path: what is behind the last slash or backslash, without a drive, and without what cannot be
 * seen; empty where nothing is left of it, and for `.` and `..`. RFC7578#4.2 MUST: no recipient takes directories from it.
 *
 * It is still the peer's text: fit to be shown, not to be the name of a file on this side.
 */
export function bareFilename(text: string): string {
  const name = text
    .slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1)
    .replace(UNSEEN, '')
    .replace(/^[A-Za-z]:/, '')
    .trim();
  return name === '.' || name === '..' ? '' : name;
}
