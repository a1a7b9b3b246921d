import type { Http2Code } from '../../errors/http2-codes.ts';

/** Why a frame is refused, and where in its payload that shows. */
export interface FrameFailure {
  readonly code: Http2Code;
  /** Index in the payload. @defaultValue the frame's head is to blame */
  readonly at?: number;
}
