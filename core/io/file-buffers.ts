import { BufferPool } from './buffer-pool.ts';

/**
 * Reads of a file that is copied: for a reader that is slow, or where no large buffer is left; and any other. WHY: with what TLS adds to a
 * small one, 300 readers that stall stay below 32 KiB each; shorter ones would be copied once more by the queues
 */
export const SMALL_BYTES = 5_120;
export const LARGE_BYTES = 196_608;

/** A reader that takes longer for what was read at once is slow. */
export const SLOW_MS = 100;

/** Memory of all files that are copied, besides {@link SMALL_BYTES} of each: so many stalled readers hold large buffers. */
export const largeBuffers = new BufferPool(LARGE_BYTES, 8 * LARGE_BYTES);
