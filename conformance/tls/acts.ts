/** Steps of a case: what each does, and what `explain` says of it. */
import { FLAG, FRAME, frameOctets, PREFACE } from '../wire/h2/frames.ts';
import type { RecordOptions } from '../wire/tls/client.ts';
import type { HelloContext, HelloShape } from '../wire/tls/hello.ts';
import type { SealOptions } from '../wire/tls/protection.ts';
import { CONTENT } from '../wire/tls/records.ts';
import type { Talk } from './talk.ts';

export interface Act {
  readonly says: string;
  readonly run: (talk: Talk) => Promise<void>;
}

/** Any step. */
export function act(says: string, run: Act['run']): Act {
  return { says, run };
}

/** A ClientHello; `says` is what is special about it. */
export function hello(
  says = '',
  shape: HelloShape | ((context: HelloContext) => HelloShape) = {},
  records?: RecordOptions,
): Act {
  return act(`ClientHello${says === '' ? '' : ` ${says}`}`, async (talk) => {
    talk.stimulate();
    await talk.client.hello(typeof shape === 'function' ? shape(talk.client.context) : shape, records);
  });
}

/** Octets as they are, each in a write of its own. */
export function octets(says: string, ...parts: readonly (Buffer | ((talk: Talk) => Buffer))[]): Act {
  return act(says, async (talk) => {
    talk.stimulate();
    await talk.client.octets(...parts.map((part) => (typeof part === 'function' ? part(talk) : part)));
  });
}

/** A record under the keys of now. */
export function sealed(says: string, type: number, content: Buffer, options?: SealOptions): Act {
  return act(says, async (talk) => {
    talk.stimulate();
    await talk.client.protectedRecord(type, content, options);
  });
}

export const flight: Act = act('(waits for the server’s part of the handshake)', (talk) => talk.flight());

export const finished: Act = act('Finished', async (talk) => {
  talk.stimulate();
  await talk.client.finish();
});

/** `GET /`, in one record; its answer is waited for. */
export const get: Act = act('GET / HTTP/1.1, and waits for the answer', (talk) => talk.request(getText(talk)));

export function getText({ stage }: Talk, fields = ''): string {
  return `GET / HTTP/1.1\r\nHost: ${stage.address.authority}\r\n${fields}\r\n`;
}

/** The rest of a handshake, and a request whose answer proves it. */
export const completes: readonly Act[] = [flight, finished, get];

/** A whole conversation up to the answer to a request. */
export const established: readonly Act[] = [hello(), ...completes];

/** The preface of HTTP/2 with empty SETTINGS; those of the server are waited for. */
export const preface: Act = act('the preface of HTTP/2, SETTINGS, and waits for SETTINGS', async (talk) => {
  talk.stimulate();
  await talk.client.data(Buffer.concat([Buffer.from(PREFACE, 'latin1'), frameOctets(FRAME.SETTINGS, 0, 0)]));
  await talk.frame(FRAME.SETTINGS);
});

/** A PING of HTTP/2, whose answer is waited for. */
export const ping: Act = act('PING, and waits for the answer', async (talk) => {
  talk.stimulate();
  await talk.client.data(frameOctets(FRAME.PING, 0, 0, Buffer.from('aeronet!')));
  await talk.frame(FRAME.PING);
});

/** Our FIN, without an alert in front. */
export const fin: Act = act('FIN, without close_notify', async (talk) => {
  talk.stimulate();
  talk.client.halfClose();
});

export const closeNotify: Act = sealed('close_notify', CONTENT.ALERT, Buffer.of(1, 0));

export { FLAG, FRAME };
