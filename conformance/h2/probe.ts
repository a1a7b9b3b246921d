import { ConnectError } from '../errors.ts';
import { parseInspection } from '../run/inspection.ts';
import { OTHER_TAG, ofFile } from '../run/of-file.ts';
import type { Placeholders } from '../run/placeholders.ts';
import type { Address } from '../wire/connection.ts';
import { FRAME, SETTING } from '../wire/h2/frames.ts';
import type { H2Capability, H2Case, H2Observation } from './model.ts';
import { data, headers, raw, request, windowUpdate } from './octets.ts';
import { allowed } from './outcomes.ts';
import { performH2 } from './perform.ts';

const CONTENT = 'aeronet-probe';
/** Window for a file that is sent whole, because neither field is known. */
const ROOM = 16 * 1024 * 1024;
/** RFC9113#4.2 */
const LEAST_FRAME_SIZE = 16_384;
/** RFC9113#4.3.1 */
const FIRST_TABLE_SIZE = 4_096;
/** A limit on streams above this is not tried out. */
const MAX_STREAM_LIMIT = 1_000;
/** As many requests may be under way where a case sends many at once. */
const MANY_STREAMS = 64;

/** One connection that asks for every route at once; its own sentinel is a plain `GET /`. */
const PROBE: H2Case = {
  id: 'h2/probe/routes',
  title: 'The target has its routes',
  rfc: 'RFC9113#3.4',
  level: 'MAY',
  needs: [],
  handshake: [[SETTING.INITIAL_WINDOW_SIZE, ROOM]],
  frames: [
    windowUpdate(ROOM),
    headers(request('/'), { stream: 1 }),
    headers(request('/', [], 'HEAD'), { stream: 3 }),
    headers(request('/', [], 'POST'), { stream: 5, end: false }),
    data(CONTENT, { stream: 5 }),
    headers(request('/echo', [], 'POST'), { stream: 7, end: false }),
    data(CONTENT, { stream: 7 }),
    headers(request('/inspect', [], 'POST'), { stream: 9, end: false }),
    data(CONTENT, { stream: 9 }),
    headers(request('/file.bin', [], 'HEAD'), { stream: 11 }),
    headers(request('/file.bin', [['range', 'bytes=0-0']]), { stream: 13 }),
    headers(request('/file.bin', [['if-match', OTHER_TAG]]), { stream: 15 }),
  ],
  awaits: [1, 3, 5, 7, 9, 11, 13, 15],
  allow: [allowed({ kind: 'ignored' })],
  controls: { pass: [], fail: [] },
};

/** An error for whoever knows PRIORITY_UPDATE, from a client that uses no other kind of priorities. */
const SHORT_UPDATE: H2Case = {
  ...PROBE,
  handshake: [[SETTING.NO_RFC7540_PRIORITIES, 1]],
  frames: [raw(FRAME.PRIORITY_UPDATE, 0, 0)],
  awaits: [],
};

/** Finds out what a target can do over HTTP/2; undefined when it does not answer `GET /` there with 200. */
export async function probeH2(address: Address, timeoutMs: number): Promise<ReadonlySet<H2Capability> | undefined> {
  const observation = await observe(PROBE, address, timeoutMs);
  if (observation === undefined) return undefined;
  const response = (stream: number) => {
    const found = observation.streams.get(stream)?.response;
    return found?.complete === true && found.status === 200 ? found : undefined;
  };
  if (response(1) === undefined) return undefined;
  const capabilities = new Set<H2Capability>(['get']);
  if (!address.tls) capabilities.add('cleartext');
  if (response(3) !== undefined) capabilities.add('head');
  if (response(5) !== undefined) capabilities.add('post');
  if (response(7)?.content.toString('latin1') === CONTENT) capabilities.add('echo');
  const inspection = response(9);
  if (inspection !== undefined && parseInspection(inspection.content)?.content === CONTENT) capabilities.add('inspect');
  const statusOf = (stream: number) => observation.streams.get(stream)?.response?.status;
  for (const one of ofFile(response(11)?.fields ?? [], statusOf(13), statusOf(15))) capabilities.add(one);
  const { settings } = observation;
  if ((settings.get(SETTING.MAX_FRAME_SIZE) ?? LEAST_FRAME_SIZE) === LEAST_FRAME_SIZE) capabilities.add('frames-16384');
  const streams = settings.get(SETTING.MAX_CONCURRENT_STREAMS) ?? Infinity;
  if (streams <= MAX_STREAM_LIMIT) capabilities.add('stream-limit');
  if (streams >= MANY_STREAMS) capabilities.add('streams-64');
  if ((settings.get(SETTING.HEADER_TABLE_SIZE) ?? FIRST_TABLE_SIZE) >= FIRST_TABLE_SIZE) capabilities.add('table-4096');
  if (settings.get(SETTING.ENABLE_CONNECT_PROTOCOL) === 1) capabilities.add('extended-connect');
  if (settings.get(SETTING.NO_RFC7540_PRIORITIES) === 1) {
    capabilities.add('priorities');
    const short = await observe(SHORT_UPDATE, address, timeoutMs);
    if (short?.goaways.some(({ code }) => code !== 0)) capabilities.add('priority-update');
  }
  return capabilities;
}

/** Whether a target answers `GET /` over HTTP/2 with 200 now. */
export async function answersH2(address: Address, timeoutMs: number): Promise<boolean> {
  const observation = await observe({ ...PROBE, frames: [headers()], awaits: [1] }, address, timeoutMs);
  return observation?.streams.get(1)?.response?.status === 200;
}

/** What comes of it; undefined without a connection, which includes a TLS server that does not agree on h2. */
async function observe(one: H2Case, address: Address, timeoutMs: number): Promise<H2Observation | undefined> {
  try {
    const options = { address, values: valuesOf(address), canEcho: false, timeoutMs };
    return (await performH2(one, options)).observation;
  } catch (error) {
    if (error instanceof ConnectError) return undefined;
    throw error;
  }
}

function valuesOf(address: Address): Placeholders {
  return { scheme: address.tls ? 'https' : 'http', host: address.authority, nonce: 'probe00', sentinel: '' };
}
