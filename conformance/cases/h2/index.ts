import type { H2Case } from '../../h2/model.ts';
import authority from './authority.ts';
import closed from './closed.ts';
import concurrency from './concurrency.ts';
import connect from './connect.ts';
import connectionFields from './connection-fields.ts';
import contentLength from './content-length.ts';
import continuation from './continuation.ts';
import cookie from './cookie.ts';
import data from './data.ts';
import errors from './errors.ts';
import extendedConnect from './extended-connect.ts';
import extension from './extension.ts';
import fieldBlock from './field-block.ts';
import fieldName from './field-name.ts';
import fieldValue from './field-value.ts';
import flowCredit from './flow-credit.ts';
import flowSending from './flow-sending.ts';
import frame from './frame.ts';
import frameSize from './frame-size.ts';
import goaway from './goaway.ts';
import headers from './headers.ts';
import hpackEncoder from './hpack-encoder.ts';
import hpackIndex from './hpack-index.ts';
import hpackInteger from './hpack-integer.ts';
import hpackSizeUpdate from './hpack-size-update.ts';
import hpackString from './hpack-string.ts';
import hpackTable from './hpack-table.ts';
import hpackTableOutlives from './hpack-table-outlives.ts';
import interim from './interim.ts';
import limits from './limits.ts';
import lint from './lint.ts';
import methods from './methods.ts';
import ping from './ping.ts';
import preface from './preface.ts';
import priority from './priority.ts';
import priorityFrame from './priority-frame.ts';
import pseudoPresence from './pseudo-presence.ts';
import pseudoValues from './pseudo-values.ts';
import push from './push.ts';
import ranges from './ranges.ts';
import rstStream from './rst-stream.ts';
import sanity from './sanity.ts';
import scheduling from './scheduling.ts';
import serverFrames from './server-frames.ts';
import settings from './settings.ts';
import settingsSync from './settings-sync.ts';
import shutdown from './shutdown.ts';
import states from './states.ts';
import streamId from './stream-id.ts';
import trailers from './trailers.ts';
import windowUpdate from './window-update.ts';

/** Every case over HTTP/2, sanity first. A new file of cases is one import and one line here. */
const h2Cases: readonly H2Case[] = [
  ...sanity,
  ...authority,
  ...closed,
  ...concurrency,
  ...connect,
  ...connectionFields,
  ...contentLength,
  ...continuation,
  ...cookie,
  ...data,
  ...errors,
  ...extendedConnect,
  ...extension,
  ...fieldBlock,
  ...fieldName,
  ...fieldValue,
  ...flowCredit,
  ...flowSending,
  ...frame,
  ...frameSize,
  ...goaway,
  ...headers,
  ...hpackEncoder,
  ...hpackIndex,
  ...hpackInteger,
  ...hpackSizeUpdate,
  ...hpackString,
  ...hpackTable,
  ...hpackTableOutlives,
  ...interim,
  ...limits,
  ...lint,
  ...methods,
  ...ping,
  ...preface,
  ...priority,
  ...priorityFrame,
  ...pseudoPresence,
  ...pseudoValues,
  ...push,
  ...ranges,
  ...rstStream,
  ...scheduling,
  ...serverFrames,
  ...settings,
  ...settingsSync,
  ...shutdown,
  ...states,
  ...streamId,
  ...trailers,
  ...windowUpdate,
];

export default h2Cases;
