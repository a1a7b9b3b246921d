import { opendir } from 'node:fs/promises';
import { encodeOctets } from '../../semantics/file-path.ts';

/** A folder with more entries is listed only so far. */
const MAX_ENTRIES = 10_000;

/**
 * A page that links to what is in a folder, in the order of its names. Names are octets; those that are no UTF-8 show a
 * replacement character and link to themselves all the same.
 * @param folder path, one UTF-16 unit per octet
 * @param title path of the request, for the heading
 * @throws the system's error
 */
export async function listFolder(folder: string, title: string, showsDotfiles: boolean): Promise<string> {
  const entries: { name: string; isFolder: boolean }[] = [];
  let isWhole = true;
  // WHY: without octets, a name that is no UTF-8 could not be linked to
  for await (const entry of await opendir(Buffer.from(folder, 'latin1'), { encoding: 'latin1' })) {
    if (!showsDotfiles && entry.name.startsWith('.')) continue;
    if (!entry.isFile() && !entry.isDirectory() && !entry.isSymbolicLink()) continue;
    if (entries.length === MAX_ENTRIES) {
      isWhole = false;
      break;
    }
    entries.push({ name: entry.name, isFolder: entry.isDirectory() });
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = entries.map(({ name, isFolder }) => {
    const slash = isFolder ? '/' : '';
    return `<li><a href="${encodeOctets(name)}${slash}">${escapeText(fromOctets(name))}${slash}</a></li>`;
  });
  const more = isWhole ? '' : `<p>There is more; only ${MAX_ENTRIES} entries are shown.</p>\n`;
  const heading = escapeText(title);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${heading}</title>
<h1>${heading}</h1>
<ul>
${title === '/' ? '' : '<li><a href="../">../</a></li>\n'}${rows.join('\n')}
</ul>
${more}</html>
`;
}

/** Text for HTML, in an element or a quoted attribute; controls and bidirectional overrides lose their effect. */
function escapeText(text: string): string {
  return text.replace(
    /[&<>"'\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `&#${character.codePointAt(0) ?? 0xfffd};`,
  );
}

function fromOctets(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}
