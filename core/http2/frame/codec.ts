/** The frame codec as one thing, for whoever reads or writes single frames without a connection. */
export { parseData } from './data.ts';
export { encodeGoaway, parseGoaway } from './goaway.ts';
export { encodeFrame } from './head.ts';
export { parseHeaders } from './headers.ts';
export { encodePing, parsePing } from './ping.ts';
export { parsePriority } from './priority.ts';
export { parsePriorityUpdate } from './priority-update.ts';
export { encodeRstStream, parseRstStream } from './rst-stream.ts';
export { encodeSettings, encodeSettingsAck, parseSettings } from './settings.ts';
export { encodeWindowUpdate, parseWindowUpdate } from './window-update.ts';
