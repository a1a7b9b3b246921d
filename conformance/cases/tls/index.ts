import type { ScriptedCase } from '../../scripted/model.ts';
import abuse from './abuse.ts';
import alpn from './alpn.ts';
import closure from './closure.ts';
import handshake from './handshake.ts';
import hello from './hello.ts';
import unusualHello from './hello-unusual.ts';
import names from './names.ts';
import older from './older.ts';
import policies from './policies.ts';
import records from './records.ts';
import retry from './retry.ts';
import versions from './versions.ts';

/** Every case of TLS. A new file of cases is one import and one line here. */
const tlsCases: readonly ScriptedCase[] = [
  ...versions,
  ...hello,
  ...unusualHello,
  ...names,
  ...alpn,
  ...records,
  ...handshake,
  ...retry,
  ...closure,
  ...abuse,
  ...older,
  ...policies,
];

export default tlsCases;
