import type { Control, ControlPeer } from '../model.ts';

/** What a control does after its last reply; `serve` answers the sentinel, `hang` does nothing at all. */
export type Ending = 'serve' | 'close' | 'reset' | 'hang';

/** A response as octets, framed by Content-Length; further fields as lines. */
export function answer(status: number, content = '', fields: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status} Control`, ...fields, `Content-Length: ${content.length}`];
  return `${lines.map((line) => `${line}\r\n`).join('')}\r\n${content}`;
}

/** Says one text for each part of the stimulus, then ends. */
export function replies(texts: string | readonly string[], ending: Ending = 'serve'): Control {
  const all = typeof texts === 'string' ? [texts] : texts;
  return plays(`replies ${all.map(firstLine).join(', ')} and ${ENDINGS[ending]}`, async (peer) => {
    for (const text of all) {
      await peer.part();
      peer.say(text);
    }
    if (all.length === 0) await peer.part();
    await end(peer, ending);
  });
}

/** Refuses with this status and closes, which is what most clauses ask for. */
export function refuses(status = 400): Control {
  return replies(answer(status, '', ['Connection: close']), 'close');
}

/** Accepts: 200 with this content, and the connection lives on. */
export function echoes(content = '{nonce}'): Control {
  return replies(answer(200, content));
}

/** Closes without an answer. */
export function closes(): Control {
  return replies([], 'close');
}

/** Resets without an answer. */
export function resets(): Control {
  return replies([], 'reset');
}

/** Never answers and never closes. */
export function ignores(): Control {
  return replies([], 'hang');
}

/** Any other part. */
export function plays(name: string, play: (peer: ControlPeer) => Promise<void>): Control {
  return { name, play };
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  serve: 'serves on',
  close: 'closes',
  reset: 'resets',
  hang: 'hangs',
};

async function end(peer: ControlPeer, ending: Ending): Promise<void> {
  if (ending === 'serve') await peer.serveSentinel();
  if (ending === 'close') peer.close();
  if (ending === 'reset') peer.reset();
}

function firstLine(text: string): string {
  return text.split('\r\n', 1)[0] ?? '';
}
