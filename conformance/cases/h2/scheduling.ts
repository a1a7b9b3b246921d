import {
  type Block,
  barrier,
  beside,
  concluded,
  content,
  contentOf,
  type Due,
  defineH2Cases,
  FRAME,
  type H2Case,
  type H2Observation,
  h2Server,
  head,
  headers,
  type OctetStep,
  priorityUpdate,
  request,
  SETTING,
  seen,
  settings,
  warned,
  windowUpdate,
} from '../../h2/define.ts';

const PLENTY = 2 ** 30;
/** What the connection lets through at first, less than one file. */
const FIRST_WINDOW = 65_535;
const WHY =
  'Two responses wait without a window until both get one at once, on a connection that has room for less than one of them. To follow priorities is recommended, never owed.';

const file = (stream: number, ...priority: readonly string[]) => {
  const fields: Block = priority.map((value) => ['priority', value]);
  return headers(request('/file.bin', fields), { stream });
};

/** How many of the first octets of content belong to this stream. */
function share({ frames }: H2Observation, stream: number): number {
  let left = FIRST_WINDOW;
  let mine = 0;
  for (const { type, stream: id, payload } of frames) {
    if (type !== FRAME.DATA) continue;
    const counted = Math.min(left, payload.length);
    if (id === stream) mine += counted;
    left -= counted;
  }
  return mine;
}

function whole({ streams }: H2Observation): string | undefined {
  const cut = [1, 3].find((stream) => streams.get(stream)?.response?.complete !== true);
  return cut === undefined ? undefined : `stream ${cut} has no whole response`;
}

/** The room goes as it should; any other order is legal. */
function prefers(
  says: string,
  isRight: (first: number, third: number) => boolean,
  shares: readonly [number, number],
): Due {
  const answers = (first: number, third: number) => [
    [...head(1), ...head(3)],
    [...contentOf(first, 1, false), ...contentOf(third, 3, false)],
    ...[contentOf(1, 1), contentOf(1, 3), []],
  ];
  const [first, third] = shares;
  return {
    allow: [
      seen(says, (all) => {
        const [one, three] = [share(all, 1), share(all, 3)];
        return whole(all) ?? (isRight(one, three) ? undefined : `${one} octets went to stream 1, ${three} to stream 3`);
      }),
      warned(
        { kind: 'seen', says: 'sends both responses whole', complaint: whole },
        'priorities are suggestions (RFC9218#10)',
      ),
    ],
    controls: {
      pass: [h2Server('sends them so', answers(first, third)), h2Server('sends them otherwise', answers(third, first))],
      fail: h2Server(
        'sends one alone',
        answers(first, third)
          .slice(0, 2)
          .concat([contentOf(1, 1), [], []]),
      ),
    },
  };
}

function scheduled(slug: string, title: string, rfc: H2Case['rfc'], requests: readonly OctetStep[], due: Due): H2Case {
  return {
    id: `h2/priority/${slug}`,
    title,
    rfc,
    level: 'SHOULD',
    needs: ['file', 'priorities'],
    why: WHY,
    handshake: [
      [SETTING.INITIAL_WINDOW_SIZE, 0],
      [SETTING.NO_RFC7540_PRIORITIES, 1],
    ],
    frames: [
      ...[...requests, barrier, beside, settings([[SETTING.INITIAL_WINDOW_SIZE, PLENTY]])],
      ...[content(FIRST_WINDOW, 0), windowUpdate(PLENTY), concluded(1), concluded(3)],
    ],
    awaits: [1, 3],
    ...due,
  };
}

const THIRD = prefers('sends stream 3 first', (first, third) => third > first, [0, FIRST_WINDOW]);
const FIRST = prefers('sends stream 1 first', (first, third) => first > third, [FIRST_WINDOW, 0]);
const BOTH = prefers('sends both by turns', (first, third) => first > 0 && third > 0, [32_768, 32_767]);

export default defineH2Cases([
  scheduled(
    'order-by-urgency',
    'The more urgent of two responses is sent first',
    'RFC9218#10',
    [file(1, 'u=7'), file(3, 'u=0')],
    THIRD,
  ),
  scheduled(
    'order-by-default',
    'A request without a priority has the urgency 3',
    'RFC9218#4',
    [file(1, 'u=4'), file(3)],
    THIRD,
  ),
  scheduled(
    'order-by-request',
    'Of two responses of the same urgency the one that was asked for first is sent first',
    'RFC9218#10',
    [file(1), file(3)],
    FIRST,
  ),
  scheduled(
    'incremental-share',
    'Two incremental responses of the same urgency share the connection',
    'RFC9218#10',
    [file(1, 'i'), file(3, 'i')],
    BOTH,
  ),
  scheduled(
    'order-by-update',
    'PRIORITY_UPDATE behind the requests decides',
    'RFC9218#7',
    [file(1, 'u=1'), file(3, 'u=5'), priorityUpdate(3, 'u=0')],
    THIRD,
  ),
  scheduled(
    'order-by-update-before',
    'PRIORITY_UPDATE in front of a request is kept for it, and stands above its field',
    'RFC9218#7',
    [priorityUpdate(3, 'u=0'), file(1, 'u=1'), file(3, 'u=5')],
    THIRD,
  ),
  scheduled(
    'order-by-update-complete',
    'PRIORITY_UPDATE that leaves urgency out sets it to 3',
    'RFC9218#7',
    [file(1, 'u=0'), file(3, 'u=2'), priorityUpdate(1, 'i=?0')],
    THIRD,
  ),
]);
