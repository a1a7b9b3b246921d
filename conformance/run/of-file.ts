import type { Capability, FieldList } from '../model.ts';
import { fieldValues } from '../wire/response-reader.ts';

/** A tag that no file has. */
export const OTHER_TAG = '"aeronet-no-such-tag"';

/** What a file with these fields is good for, if its octets and another tag in If-Match are answered so. */
export function* ofFile(
  fields: FieldList,
  rangedStatus: number | undefined,
  mismatchedStatus: number | undefined,
): Iterable<Capability> {
  const [tag] = fieldValues(fields, 'etag');
  const [date] = fieldValues(fields, 'last-modified');
  if (tag === undefined && date === undefined) return;
  yield 'file';
  if (tag !== undefined) yield 'etag';
  if (tag?.startsWith('"') === true) yield 'strong-etag';
  if (date !== undefined) yield 'last-modified';
  if (rangedStatus === 206) yield 'ranges';
  if (mismatchedStatus === 412) yield 'if-match';
}
