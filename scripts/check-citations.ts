/** RFC citations: one form (`RFC9112#6.3`), a section that exists, and no RFC that another has replaced. */
import { RFC_SECTIONS } from './rfc-sections.ts';
import { isGenerated, lineAt, type Problem, type SourceFile } from './source-files.ts';

/** Every citation that names nothing, something obsolete, or is written in another form. */
export function checkCitations(files: readonly SourceFile[]): readonly Problem[] {
  return files.filter((file) => !isGenerated(file)).flatMap((file) => [...wrongTargets(file), ...wrongForms(file)]);
}

/** How many citations a text holds. */
export function countCitations(text: string): number {
  return [...text.matchAll(CITATION)].length;
}

/** RFCs that may be cited, though their sections are not in the table because their text was not at hand. */
const KNOWN_WITHOUT_SECTIONS: ReadonlySet<string> = new Set([
  '1123', // host requirements: the date format's ancestor, host names
  '2046', // MIME: multipart
  '2119', // key words
  '3986', // URI syntax
  '4647', // matching of language tags
  '4648', // base64
  '5234', // ABNF
  '5280', // X.509 certificates and CRLs
  '5322', // dates, quoted strings
  '5869', // HKDF
  '5905', // NTP timescale
  '5746', // TLS renegotiation
  '6066', // TLS extensions: SNI
  '6455', // WebSocket
  '6960', // OCSP
  '7301', // ALPN
  '7507', // TLS: fallback to an older version
  '7568', // SSL 3.0 is not spoken
  '7578', // multipart/form-data
  '7627', // TLS: the extended master secret
  '7633', // TLS features: certificates that demand a staple
  '7692', // WebSocket compression
  '7838', // Alt-Svc
  '7932', // Brotli
  '1950', // zlib
  '1951', // deflate
  '1952', // gzip
  '8187', // parameters in UTF-8: filename*
  '8174', // key words, upper case
  '8259', // JSON
  '8410', // X25519 in ASN.1
  '8446', // TLS 1.3
  '8470', // early data, 425
  '8701', // GREASE
  '8878', // zstd
  '8996', // TLS 1.0 and 1.1 are not spoken
  '9325', // recommendations for TLS
]);

/** What replaced an RFC. */
const OBSOLETE: Readonly<Record<string, string>> = {
  2068: '9110, 9112',
  2616: '9110, 9112',
  2818: '9110',
  2965: '6265',
  4627: '8259',
  5246: '8446',
  7159: '8259',
  7230: '9110, 9112',
  7231: '9110',
  7232: '9110',
  7233: '9110',
  7234: '9111',
  7235: '9110',
  7540: '9113',
  7615: '9110',
  7694: '9110',
  8740: '9113',
  8941: '9651',
};

const CITATION = /\bRFC(\d{3,5})#((?:\d+|[A-Z])(?:\.\d+)*)/g;

/** `RFC 9112, section 6.3`, `RFC9112 §6.3`, `RFC 9112 6.3`, `section 6.3 of RFC 9112`, `RFC 9112#6.3`, `rfc9112#6.3`. */
const OTHER_FORM =
  /\bRFC[ -]?\d{3,5}(?:,? ?(?:section|sect?\.|§)| \d+\.\d)|(?:section|§) ?[\d.]+ of (?:the )?RFC[ -]?\d{3,5}|\bRFC[ -]\d{3,5}#/gi;

/** A number sign with no section behind it, or in small letters: matrix ids (`rfc9112:6.3:1`) have a colon. */
const BROKEN_FORM = /\brfc\d{3,5}#|\bRFC\d{3,5}#(?!(?:\d|[A-Z]\b))/g;

/** Any mention of a replaced RFC, cited or in prose. */
const MENTION = /\bRFC ?(\d{3,5})\b/g;

function wrongTargets(file: SourceFile): readonly Problem[] {
  const problems: Problem[] = [];
  for (const match of file.text.matchAll(CITATION)) {
    const [cited, rfc = '', section = ''] = match;
    if (Object.hasOwn(OBSOLETE, rfc) || KNOWN_WITHOUT_SECTIONS.has(rfc)) continue;
    const sections = RFC_SECTIONS[rfc]?.split(' ');
    const line = lineAt(file.text, match.index);
    if (sections === undefined) {
      problems.push({ path: file.path, line, message: `${cited}: unknown RFC; add it to scripts/check-citations.ts` });
    } else if (!sections.includes(section)) {
      problems.push({ path: file.path, line, message: `${cited}: RFC ${rfc} has no section ${section}` });
    }
  }
  for (const match of file.text.matchAll(MENTION)) {
    const rfc = match[1] ?? '';
    const successor = Object.hasOwn(OBSOLETE, rfc) ? OBSOLETE[rfc] : undefined;
    if (successor === undefined || file.path === OWN_PATH) continue;
    const line = lineAt(file.text, match.index);
    problems.push({ path: file.path, line, message: `RFC ${rfc} is obsolete: cite ${successor}` });
  }
  return problems;
}

const OWN_PATH = 'scripts/check-citations.ts';

function wrongForms(file: SourceFile): readonly Problem[] {
  if (file.path === OWN_PATH) return [];
  return [OTHER_FORM, BROKEN_FORM].flatMap((form) =>
    [...file.text.matchAll(form)].map((match) => ({
      path: file.path,
      line: lineAt(file.text, match.index),
      message: `'${match[0]}…': write RFC9112#6.3`,
    })),
  );
}
