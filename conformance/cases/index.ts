import type { AnyCase } from '../h2/model.ts';
import type { Case } from '../model.ts';
import type { ScriptedCase } from '../scripted/model.ts';
import chunkData from './chunked/chunk-data.ts';
import chunkSize from './chunked/chunk-size.ts';
import chunkExtensions from './chunked/extensions.ts';
import trailers from './chunked/trailers.ts';
import conditionalDates from './conditional/dates.ts';
import ifMatch from './conditional/if-match.ts';
import ifNoneMatch from './conditional/if-none-match.ts';
import ifRange from './conditional/if-range.ts';
import conditionalIgnored from './conditional/ignored.ts';
import precedence from './conditional/precedence.ts';
import close from './connection/close.ts';
import halfClose from './connection/half-close.ts';
import persistence from './connection/persistence.ts';
import pipelining from './connection/pipelining.ts';
import unreadContent from './connection/unread-content.ts';
import upgrade from './connection/upgrade.ts';
import desyncChunkEnds from './desync/chunk-ends.ts';
import lengthAndCoding from './desync/length-and-coding.ts';
import unreadHidden from './desync/unread-content.ts';
import http1Spellings from './equivalence/http1.ts';
import http2Spellings from './equivalence/http2.ts';
import expectContinue from './expect/continue.ts';
import headSection from './fields/head-section.ts';
import lineFolding from './fields/line-folding.ts';
import fieldNameOctets from './fields/name-octets.ts';
import fieldNames from './fields/names.ts';
import valueOctets from './fields/value-octets.ts';
import fieldValues from './fields/values.ts';
import content from './framing/content.ts';
import contentLength from './framing/content-length.ts';
import contentLengthLists from './framing/content-length-lists.ts';
import contentLengthNumbers from './framing/content-length-numbers.ts';
import transferEncoding from './framing/transfer-encoding.ts';
import transferEncodingAndLength from './framing/transfer-encoding-and-length.ts';
import h2Cases from './h2/index.ts';
import hostPresence from './host/presence.ts';
import hostSyntax from './host/syntax.ts';
import limitsOfContent from './limits/content.ts';
import limitsOfHead from './limits/head.ts';
import segmentation from './limits/segmentation.ts';
import requestContext from './methods/context.ts';
import head from './methods/head.ts';
import otherMethods from './methods/other-methods.ts';
import codings from './negotiation/codings.ts';
import byteRanges from './range/byte-ranges.ts';
import partialContent from './range/partial-content.ts';
import rangeField from './range/range-field.ts';
import rangeSets from './range/sets.ts';
import rangeSpecifiers from './range/specifiers.ts';
import unsatisfiable from './range/unsatisfiable.ts';
import requestVersion from './request-line/version.ts';
import requestWhiteSpace from './request-line/white-space.ts';
import requestWords from './request-line/words.ts';
import date from './responses/date.ts';
import everywhere from './responses/everywhere.ts';
import form from './responses/form.ts';
import responseFraming from './responses/framing.ts';
import metadata from './responses/metadata.ts';
import notModified from './responses/not-modified.ts';
import baseline from './sanity/baseline.ts';
import absoluteForm from './target/absolute-form.ts';
import originForm from './target/origin-form.ts';
import otherForms from './target/other-forms.ts';
import tlsCases from './tls/index.ts';
import wsCases from './ws/index.ts';

/** Every case over HTTP/1.1, sanity first. A new file of cases is one import and one line here. */
export const h1Cases: readonly Case[] = [
  ...baseline,
  ...contentLength,
  ...contentLengthNumbers,
  ...contentLengthLists,
  ...content,
  ...transferEncoding,
  ...transferEncodingAndLength,
  ...chunkSize,
  ...chunkData,
  ...chunkExtensions,
  ...trailers,
  ...persistence,
  ...close,
  ...pipelining,
  ...halfClose,
  ...unreadContent,
  ...upgrade,
  ...requestWords,
  ...requestWhiteSpace,
  ...requestVersion,
  ...originForm,
  ...absoluteForm,
  ...otherForms,
  ...hostPresence,
  ...hostSyntax,
  ...fieldNames,
  ...fieldNameOctets,
  ...fieldValues,
  ...valueOctets,
  ...lineFolding,
  ...headSection,
  ...expectContinue,
  ...head,
  ...otherMethods,
  ...requestContext,
  ...form,
  ...date,
  ...responseFraming,
  ...notModified,
  ...metadata,
  ...codings,
  ...everywhere,
  ...byteRanges,
  ...rangeSpecifiers,
  ...rangeField,
  ...rangeSets,
  ...partialContent,
  ...unsatisfiable,
  ...ifMatch,
  ...ifNoneMatch,
  ...conditionalDates,
  ...ifRange,
  ...precedence,
  ...conditionalIgnored,
  ...lengthAndCoding,
  ...unreadHidden,
  ...limitsOfContent,
  ...limitsOfHead,
  ...segmentation,
  ...desyncChunkEnds,
];

/** Every case that has a protocol of its own, or more than one. */
export const scriptedCases: readonly ScriptedCase[] = [...wsCases, ...tlsCases, ...http1Spellings, ...http2Spellings];

/** Every case there is. */
export const allCases: readonly AnyCase[] = [...h1Cases, ...h2Cases, ...scriptedCases];

export { h2Cases };
