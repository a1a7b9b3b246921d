/** What the tests of files share. */
import { readdirSync, readlinkSync } from 'node:fs';
import { findFileCalls } from '../../io/file-calls.ts';

export const HAS_SENDFILE = findFileCalls() !== undefined;
export const NO_SENDFILE = 'SENDFILE WAS NOT TESTED: no Linux, or the optional package koffi is not installed';
/** More than the kernel holds of a connection whose peer does not read. */
export const LARGE = 24 * 1_048_576;

/** Octets that show a shift, a swap and a cut. */
export const octets = (bytes: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8) * 17) & 0xff));

/** Descriptors of this process on files below `folder`; what is opened elsewhere at the same time does not count. */
export function descriptors(folder: string): number {
  const link = (fd: string): string => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  };
  return process.platform === 'linux'
    ? readdirSync('/proc/self/fd').filter((fd) => link(fd).startsWith(folder)).length
    : 0;
}
