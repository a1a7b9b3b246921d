import type { Http2Code } from '../errors/http2-codes.ts';
import { MAX_WINDOW } from './flow.ts';
import { SETTING, type SettingPair } from './frame/settings.ts';

/** What the peer has said of itself (RFC9113#6.5.2), with the values that hold before it says anything. */
export interface PeerSettings {
  headerTableBytes: number;
  initialWindowBytes: number;
  maxFrameBytes: number;
  maxHeaderListBytes: number;
  connectProtocol: number;
  noRfc7540Priorities: number | undefined;
}

export function initialPeerSettings(): PeerSettings {
  return {
    headerTableBytes: 4_096,
    initialWindowBytes: 65_535,
    maxFrameBytes: 16_384,
    maxHeaderListBytes: Number.POSITIVE_INFINITY,
    connectProtocol: 0,
    noRfc7540Priorities: undefined,
  };
}

/** Applies one setting; returns the code where its value is refused. Unknown ones are ignored (RFC9113#6.5.2). */
export function applySetting(settings: PeerSettings, [id, value]: SettingPair): Http2Code | undefined {
  switch (id) {
    case SETTING.HEADER_TABLE_SIZE:
      settings.headerTableBytes = value;
      return undefined;
    case SETTING.ENABLE_PUSH:
      // RFC9113#6.5.2 MUST: any value but 0 and 1 is PROTOCOL_ERROR; this side never pushes
      return value > 1 ? 'H2_SETTINGS_PUSH' : undefined;
    case SETTING.INITIAL_WINDOW_SIZE:
      // RFC9113#6.5.2 MUST: above 2^31-1 is FLOW_CONTROL_ERROR
      if (value > MAX_WINDOW) return 'H2_SETTINGS_WINDOW';
      settings.initialWindowBytes = value;
      return undefined;
    case SETTING.MAX_FRAME_SIZE:
      // RFC9113#6.5.2 MUST: outside 2^14 to 2^24-1 is PROTOCOL_ERROR
      if (value < 16_384 || value > 16_777_215) return 'H2_SETTINGS_FRAME_SIZE';
      settings.maxFrameBytes = value;
      return undefined;
    case SETTING.MAX_HEADER_LIST_SIZE:
      settings.maxHeaderListBytes = value;
      return undefined;
    case SETTING.ENABLE_CONNECT_PROTOCOL:
      // RFC8441#3 MUST: 0 or 1, and never 0 after 1; a client's value has no meaning for a server beyond that
      if (value > 1 || value < settings.connectProtocol) return 'H2_SETTINGS_CONNECT';
      settings.connectProtocol = value;
      return undefined;
    case SETTING.NO_RFC7540_PRIORITIES:
      // RFC9218#2.1 MUST: 0 or 1, and never changed after the first SETTINGS
      if (value > 1 || (settings.noRfc7540Priorities ?? value) !== value) return 'H2_SETTINGS_PRIORITIES';
      settings.noRfc7540Priorities = value;
      return undefined;
    default:
      return undefined;
  }
}
