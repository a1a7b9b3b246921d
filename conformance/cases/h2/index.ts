import type { H2Case } from '../../h2/model.ts';
import continuation from './continuation.ts';
import flowCredit from './flow-credit.ts';
import flowSending from './flow-sending.ts';
import goaway from './goaway.ts';
import limits from './limits.ts';
import ping from './ping.ts';
import preface from './preface.ts';
import priority from './priority.ts';
import push from './push.ts';
import sanity from './sanity.ts';
import scheduling from './scheduling.ts';
import serverFrames from './server-frames.ts';
import settings from './settings.ts';
import settingsSync from './settings-sync.ts';
import shutdown from './shutdown.ts';
import windowUpdate from './window-update.ts';

/** Every case over HTTP/2, sanity first. A new file of cases is one import and one line here. */
const h2Cases: readonly H2Case[] = [
  ...sanity,
  ...continuation,
  ...flowCredit,
  ...flowSending,
  ...goaway,
  ...limits,
  ...ping,
  ...preface,
  ...priority,
  ...push,
  ...scheduling,
  ...serverFrames,
  ...settings,
  ...settingsSync,
  ...shutdown,
  ...windowUpdate,
];

export default h2Cases;
