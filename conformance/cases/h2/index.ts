import type { H2Case } from '../../h2/model.ts';
import errors from './errors.ts';
import fieldBlock from './field-block.ts';
import frame from './frame.ts';
import frameSize from './frame-size.ts';
import preface from './preface.ts';
import sanity from './sanity.ts';
import settings from './settings.ts';

/** Every case over HTTP/2, sanity first. A new file of cases is one import and one line here. */
const h2Cases: readonly H2Case[] = [
  ...sanity,
  ...errors,
  ...fieldBlock,
  ...frame,
  ...frameSize,
  ...preface,
  ...settings,
];

export default h2Cases;
