import type { H2Case } from '../../h2/model.ts';
import authority from './authority.ts';
import connect from './connect.ts';
import connectionFields from './connection-fields.ts';
import contentLength from './content-length.ts';
import cookie from './cookie.ts';
import extendedConnect from './extended-connect.ts';
import fieldName from './field-name.ts';
import fieldValue from './field-value.ts';
import hpackEncoder from './hpack-encoder.ts';
import hpackIndex from './hpack-index.ts';
import hpackInteger from './hpack-integer.ts';
import hpackSizeUpdate from './hpack-size-update.ts';
import hpackString from './hpack-string.ts';
import hpackTable from './hpack-table.ts';
import hpackTableOutlives from './hpack-table-outlives.ts';
import interim from './interim.ts';
import methods from './methods.ts';
import preface from './preface.ts';
import pseudoPresence from './pseudo-presence.ts';
import pseudoValues from './pseudo-values.ts';
import sanity from './sanity.ts';
import settings from './settings.ts';
import trailers from './trailers.ts';

/** Every case over HTTP/2, sanity first. A new file of cases is one import and one line here. */
const h2Cases: readonly H2Case[] = [
  ...sanity,
  ...authority,
  ...connectionFields,
  ...connect,
  ...contentLength,
  ...cookie,
  ...extendedConnect,
  ...fieldName,
  ...fieldValue,
  ...hpackEncoder,
  ...hpackIndex,
  ...hpackInteger,
  ...hpackSizeUpdate,
  ...hpackString,
  ...hpackTable,
  ...hpackTableOutlives,
  ...interim,
  ...methods,
  ...preface,
  ...pseudoPresence,
  ...pseudoValues,
  ...settings,
  ...trailers,
];

export default h2Cases;
