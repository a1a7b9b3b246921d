import type { Case } from '../model.ts';
import contentLength from './framing/content-length.ts';
import baseline from './sanity/baseline.ts';

/** Every case there is, sanity first. A new file of cases is one import and one line here. */
export const allCases: readonly Case[] = [...baseline, ...contentLength];
