/** The client's connection preface (RFC9113#3.4): `PRI * HTTP/2.0`, an empty line, `SM`, an empty line. */
export const PREFACE = Uint8Array.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', (unit) => unit.charCodeAt(0));

export const PREFACE_BYTES = PREFACE.length;
