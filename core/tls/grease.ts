/** Whether a number of two octets is one that clients send to see that unknown ones are ignored (RFC8701#2). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}
