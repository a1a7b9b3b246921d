import type { ScriptedCase } from '../../scripted/model.ts';
import close from './close.ts';
import frames from './frames.ts';
import handshake from './handshake.ts';
import utf8 from './utf8.ts';

/** Every WebSocket case. A new file of cases is one import and one line here. */
const wsCases: readonly ScriptedCase[] = [...handshake, ...frames, ...utf8, ...close];

export default wsCases;
