import type { Case } from '../model.ts';
import chunkSize from './chunked/chunk-size.ts';
import close from './connection/close.ts';
import halfClose from './connection/half-close.ts';
import persistence from './connection/persistence.ts';
import pipelining from './connection/pipelining.ts';
import unreadContent from './connection/unread-content.ts';
import content from './framing/content.ts';
import contentLength from './framing/content-length.ts';
import contentLengthLists from './framing/content-length-lists.ts';
import contentLengthNumbers from './framing/content-length-numbers.ts';
import transferEncoding from './framing/transfer-encoding.ts';
import transferEncodingAndLength from './framing/transfer-encoding-and-length.ts';
import baseline from './sanity/baseline.ts';

/** Every case there is, sanity first. A new file of cases is one import and one line here. */
export const allCases: readonly Case[] = [
  ...baseline,
  ...contentLength,
  ...contentLengthNumbers,
  ...contentLengthLists,
  ...content,
  ...transferEncoding,
  ...transferEncodingAndLength,
  ...chunkSize,
  ...persistence,
  ...close,
  ...pipelining,
  ...halfClose,
  ...unreadContent,
];
