import { randomBytes } from 'node:crypto';
import type { FilePiece } from '../../io/file-reader.ts';
import { contentRange, layOutMultipart } from '../../semantics/byteranges.ts';
import { allowsRange, evaluatePreconditions } from '../../semantics/conditional.ts';
import { imfFixdate } from '../../semantics/date.ts';
import { formatEntityTag } from '../../semantics/entity-tag.ts';
import { type ByteRange, planRanges } from '../../semantics/range.ts';
import { answerStatus } from '../policy.ts';
import type { ServerRequest } from '../request.ts';
import type { ServerResponse } from '../response.ts';
import type { FileInMemory, OpenFile } from './open-file.ts';

/** More ranges than this in one request are not looked at: the whole file is sent. */
const MAX_RANGES = 64;

/**
 * Answers GET or HEAD with a file: preconditions first (RFC9110#13.2.2), then ranges (RFC9110#14.2). Fields that the caller
 * has set stay. It settles when the file is not needed any more.
 * @param type Content-Type of the file
 * @param coding content coding that the file is in, named only where octets of it are sent: a refusal is plain text
 * @throws FileChangedError when the file changes while it is sent; the connection was cut then
 */
export async function serveFile(
  request: ServerRequest,
  response: ServerResponse,
  file: OpenFile | FileInMemory,
  type: string,
  coding?: string,
): Promise<void> {
  const nowMs = Date.now();
  const { entityTag, lastModifiedMs } = file.validators;
  if (entityTag !== undefined) response.set('ETag', formatEntityTag(entityTag));
  if (lastModifiedMs !== undefined) response.set('Last-Modified', imfFixdate(lastModifiedMs));
  response.set('Accept-Ranges', 'bytes');
  switch (evaluatePreconditions(request.method, request.fields, file.validators, nowMs)) {
    case 'not-modified':
      response.status = 304;
      return response.send();
    case 'failed':
      return answerStatus(response, 412);
    case 'proceed':
      break;
  }
  // RFC9110#14.2 MUST: for methods other than GET, Range is ignored
  const asked = request.method === 'GET' ? request.fields.get('range') : undefined;
  const plan =
    asked !== undefined && allowsRange(request.fields, file.validators, nowMs)
      ? planRanges(asked, file.bytes, MAX_RANGES)
      : { kind: 'whole' as const };
  if (coding !== undefined && plan.kind !== 'unsatisfiable') response.set('Content-Encoding', coding);
  switch (plan.kind) {
    case 'unsatisfiable':
      // RFC9110#15.5.17 SHOULD: the current length is told
      response.set('Content-Range', contentRange(undefined, file.bytes));
      return answerStatus(response, 416);
    case 'whole':
      response.set('Content-Type', type);
      return sendRange(response, file, { first: 0, last: file.bytes - 1 });
    case 'parts':
      response.status = 206;
      return sendParts(response, file, type, plan.ranges);
    default:
      return plan satisfies never;
  }
}

function sendParts(
  response: ServerResponse,
  file: OpenFile | FileInMemory,
  type: string,
  ranges: readonly ByteRange[],
): Promise<void> {
  const [only, second] = ranges;
  // RFC9110#15.3.7.2 MUST NOT: one range is no multipart
  if (only !== undefined && second === undefined) {
    response.set('Content-Type', type).set('Content-Range', contentRange(only, file.bytes));
    return sendRange(response, file, only);
  }
  const multipart = layOutMultipart(ranges, file.bytes, type, randomBytes(18).toString('base64url'));
  // RFC9110#15.3.7.2 MUST NOT: no Content-Range beside a multipart
  response.set('Content-Type', multipart.type);
  response.contentLength = multipart.bytes;
  const pieces = multipart.parts.flatMap(({ head, range }) => [head, pieceOf(file, range)]);
  return response.sendPieces([...pieces, multipart.closing]);
}

function sendRange(response: ServerResponse, file: OpenFile | FileInMemory, range: ByteRange): Promise<void> {
  const bytes = range.last - range.first + 1;
  response.contentLength = bytes;
  return response.sendPieces(bytes === 0 ? [] : [pieceOf(file, range)]);
}

function pieceOf(file: OpenFile | FileInMemory, { first, last }: ByteRange): FilePiece | Uint8Array {
  if ('octets' in file) return file.octets.subarray(first, last + 1);
  return { source: file, offset: first, bytes: last - first + 1 };
}
