import type { Case } from '../model.ts';
import chunkSize from './chunked/chunk-size.ts';
import contentLength from './framing/content-length.ts';
import transferEncoding from './framing/transfer-encoding.ts';
import baseline from './sanity/baseline.ts';

/** Every case there is, sanity first. A new file of cases is one import and one line here. */
export const allCases: readonly Case[] = [...baseline, ...contentLength, ...transferEncoding, ...chunkSize];
