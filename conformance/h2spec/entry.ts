import type { Level } from '../../reports/schema.ts';

/**
 * What became of a case's rule in RFC 9113, which is younger than h2spec: `same` it stands, `changed` it asks for less
 * than h2spec does, `gone` it was dropped.
 */
export type Edition = 'same' | 'changed' | 'gone';

/** One case of h2spec, as the bench reports it. */
export interface H2specCase {
  /** `h2spec/http2/6.9.1/2`. */
  readonly id: string;
  /** As h2spec names its group: `http2/6.9.1`. */
  readonly section: string;
  /** What h2spec is told to run: `http2/6.9.1/2`. */
  readonly selector: string;
  /** A sentence about the target that is true when it passes. */
  readonly title: string;
  /** The clause of today that holds the rule. */
  readonly rfc: string;
  readonly level: Level;
  readonly edition: Edition;
  /** Of a rule that changed: what h2spec saw where that is allowed today; without it everything is. */
  readonly tolerates?: RegExp;
  /** Why it is graded as it is, where that is not plain. */
  readonly note?: string;
}

/** What sets a case apart from the others of its section; a text alone is its title. */
export type Row = string | ({ readonly title: string } & Partial<Omit<H2specCase, 'id' | 'section' | 'selector'>>);

/** The cases of one section, in h2spec's order: their number in it is a part of their id. */
export function section(name: string, rfc: string, rows: readonly Row[]): readonly H2specCase[] {
  return rows.map((row, index) => ({
    id: `h2spec/${name}/${index + 1}`,
    section: name,
    selector: `${name}/${index + 1}`,
    rfc,
    level: 'MUST',
    edition: 'same',
    ...(typeof row === 'string' ? { title: row } : row),
  }));
}

/** A rule that RFC 9113 dropped: it binds nobody, and is shown for those who still serve the edition before it. */
export function gone(title: string, note: string): Row {
  return { title, edition: 'gone', level: 'MAY', note };
}

/** Frames on a closed stream, which RFC9113#5.1 lets a server discard. */
export function discardable(title: string): Row {
  return {
    title,
    edition: 'changed',
    level: 'MAY',
    note: 'RFC9113#5.1 lets a server read a frame on a closed stream and discard it; treating it as an error is a MAY.',
  };
}

/** A malformed request, which RFC9113#8.1.1 lets a server answer before it ends the stream. */
export function answerable(title: string): Row {
  return {
    title,
    edition: 'changed',
    tolerates: /^(?:HEADERS|DATA) Frame/,
    note: 'RFC9113#8.1.1 lets a server send a response, such as a 400, to a malformed request; h2spec does not tell its status.',
  };
}
