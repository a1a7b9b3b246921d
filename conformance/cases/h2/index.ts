import type { H2Case } from '../../h2/model.ts';
import closed from './closed.ts';
import concurrency from './concurrency.ts';
import data from './data.ts';
import errors from './errors.ts';
import extension from './extension.ts';
import fieldBlock from './field-block.ts';
import frame from './frame.ts';
import frameSize from './frame-size.ts';
import headers from './headers.ts';
import preface from './preface.ts';
import priorityFrame from './priority-frame.ts';
import rstStream from './rst-stream.ts';
import sanity from './sanity.ts';
import settings from './settings.ts';
import states from './states.ts';
import streamId from './stream-id.ts';

/** Every case over HTTP/2, sanity first. A new file of cases is one import and one line here. */
const h2Cases: readonly H2Case[] = [
  ...sanity,
  ...closed,
  ...concurrency,
  ...data,
  ...errors,
  ...extension,
  ...fieldBlock,
  ...frame,
  ...frameSize,
  ...headers,
  ...preface,
  ...priorityFrame,
  ...rstStream,
  ...settings,
  ...states,
  ...streamId,
];

export default h2Cases;
