/**
 * Signature v1: what makes two failures the same one. It hashes kind, error class, normalised message, the innermost three
 * own frames and the protocol state; no line, no number, no octet of the input.
 */
import { createHash } from 'node:crypto';

export interface SignatureParts {
  readonly kind: string;
  readonly errorClass: string;
  readonly message: string;
  readonly frames: readonly string[];
  readonly state?: string;
}

/** `v1:` and 16 hex digits. */
export function signatureOf(parts: SignatureParts): string {
  const identity = [
    parts.kind,
    parts.errorClass,
    normaliseMessage(parts.message),
    parts.frames.slice(0, 3),
    parts.state ?? '',
  ];
  return `v1:${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)}`;
}

/** Takes out of a message what differs between two inputs of one bug: quoted text, hexadecimal, numbers. */
export function normaliseMessage(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, 'S')
    .replace(/\b0x[0-9a-fA-F]+\b/g, 'N')
    .replace(/\b[0-9]+(?:\.[0-9]+)?\b/g, 'N')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

/** Whether a text is a signature, whole or its beginning; the version may be left out. */
export function isSignaturePrefix(text: string): boolean {
  return /^(?:v1[:-])?[0-9a-f]{4,16}$/.test(text);
}

/** Folder name of a signature: no colon, which some file systems refuse. */
export function signatureFolder(signature: string): string {
  return signature.replace(':', '-');
}
