import {
  answersWith,
  defineH2Cases,
  eitherOf,
  goesAway,
  type H2Dialogue,
  type H2Observation,
  headers,
  refusesBlock,
  request,
  resetsStream,
  responds,
  SETTING,
  sizeUpdate,
  status,
  warned,
} from '../../h2/define.ts';

/** RFC7541#4.2 and RFC7541#6.3: where a size update may stand, and what it may say. */
/** Places where no size update may be. */
const MISPLACED = [
  {
    slug: 'update-behind-field',
    says: 'between two fields',
    block: [...request().slice(0, 2), sizeUpdate(4_096), ...request().slice(2)],
  },
  { slug: 'update-at-end', says: 'at the end of a block', block: [...request(), sizeUpdate(4_096)] },
  { slug: 'update-to-0-at-end', says: 'to 0 at the end of a block', block: [...request(), sizeUpdate(0)] },
] as const;

const WHY_PLACE = 'The rule binds the encoder; a decoder that lets it pass understands the block all the same.';

export default defineH2Cases([
  ...MISPLACED.map(
    ({ slug, says, block }) =>
      ({
        id: `h2/hpack-table/${slug}`,
        title: `A size update ${says} ends the connection`,
        rfc: 'RFC7541#4.2',
        level: 'MUST',
        needs: ['get', 'table-4096'],
        why: WHY_PLACE,
        frames: [headers(block)],
        allow: [...refusesBlock().allow, warned({ kind: 'response', match: status(200), stream: 1 }, WHY_PLACE)],
        controls: {
          pass: [goesAway('COMPRESSION_ERROR'), responds(200, 'hello')],
          fail: [goesAway('CONNECT_ERROR'), resetsStream('CONNECT_ERROR'), responds(400)],
        },
      }) as const,
  ),
  {
    id: 'h2/hpack-table/three-updates',
    title: 'Three size updates in front of a block are taken, or end the connection',
    rfc: 'RFC7541#4.2',
    level: 'MAY',
    needs: ['get', 'table-4096'],
    why: 'Two are all that an encoder needs; nothing says what a third one is to a decoder.',
    frames: [headers([sizeUpdate(0), sizeUpdate(100), sizeUpdate(4_096), ...request()])],
    ...eitherOf(answersWith(), refusesBlock({ or: ['ENHANCE_YOUR_CALM'] })),
  },
  {
    id: 'h2/hpack-table/update-to-limit',
    title: 'A size update to the very size that the server has announced is taken',
    rfc: 'RFC7541#6.3',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([sizeUpdate(4_096), ...request()])],
    run: (dialogue) => updatesTo(dialogue, 0),
    ...answersWith(),
  },
  {
    id: 'h2/hpack-table/update-above-limit',
    title: 'A size update one above the size that the server has announced ends the connection',
    rfc: 'RFC7541#6.3',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([sizeUpdate(4_097), ...request()])],
    run: (dialogue) => updatesTo(dialogue, 1),
    ...refusesBlock(),
  },
  {
    id: 'h2/hpack-table/update-far-above-limit',
    title: 'A size update 2^30 above the size that the server has announced ends the connection',
    rfc: 'RFC7541#6.3',
    level: 'MUST',
    needs: ['get'],
    frames: [headers([sizeUpdate(2 ** 30 + 4_096), ...request()])],
    run: (dialogue) => updatesTo(dialogue, 2 ** 30),
    ...refusesBlock(),
  },
]);

/** A size update so far above what the target announced; the default is that of RFC9113#6.5.2. */
async function updatesTo(dialogue: H2Dialogue, above: number): Promise<H2Observation> {
  const limit = dialogue.seen.settings.get(SETTING.HEADER_TABLE_SIZE) ?? 4_096;
  await dialogue.take(headers([sizeUpdate(limit + above), ...request()]));
  return dialogue.finish();
}
