/** What Node's TLS does by itself, shown on servers of Node's own, and that none of it is left in the core. */
import t, { type Test } from 'tap';
import tlsCases from '../cases/tls/index.ts';
import { TargetProcess } from '../run/process.ts';
import type { ScriptedCase, ScriptedNeed } from '../scripted/model.ts';
import { findSubject } from '../subjects/index.ts';
import type { StartCommand } from '../subjects/start-command.ts';
import { expandLabel, HASH_BYTES, hmac, sha256 } from '../wire/tls/key-schedule.ts';

const MAJOR = Number(process.versions.node.split('.', 1)[0]);
/** Longest wait for one answer, on a machine with other work. */
const PATIENCE_MS = 4_000;
const HANDSHAKE_MS = 800;

/** A server of `node:tls` alone: what happens to a handshake that fails is `hook`, a statement about `socket`. */
function bare(hook: string): StartCommand {
  const program = `
    import { readFileSync } from 'node:fs';
    import { createServer } from 'node:tls';
    const [port, cert, key] = process.argv.slice(1);
    const options = { cert: readFileSync(cert), key: readFileSync(key), handshakeTimeout: ${HANDSHAKE_MS} };
    const server = createServer(options, (socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'));
    });
    server.on('tlsClientError', (error, socket) => { ${hook} });
    server.listen(Number(port), '127.0.0.1');`;
  return { command: [process.execPath, '--input-type=module', '-e', program, '{port}', '{cert}', '{key}'] };
}

async function start(t: Test, command: StartCommand | undefined): Promise<TargetProcess> {
  if (command === undefined) throw new Error('There is no such subject');
  const target = await TargetProcess.start(command, 'a subject');
  t.teardown(() => target.stop());
  return target;
}

function caseOf(id: string): ScriptedCase {
  const found = tlsCases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no case ${id}`);
  return found;
}

async function verdict(id: string, { address }: TargetProcess, handshakeMs = HANDSHAKE_MS): Promise<string> {
  const values = { scheme: 'https', host: address.authority, nonce: 'hazards', sentinel: '' };
  const offers: ReadonlySet<ScriptedNeed> = new Set();
  const stage = { address, values, timeoutMs: PATIENCE_MS, wsPath: '/', offers, handshakeMs };
  return (await caseOf(id).attempt(stage)).judgement.verdict;
}

t.test(
  'who is let in: node:https goes by what OpenSSL says of a session and of a name, the core does not',
  async (t) => {
    const https = await start(t, findSubject('node-https'));
    const core = await start(t, findSubject('core-policies'));
    const rows: readonly (readonly [id: string, isShown: boolean, onCore?: 'weak'])[] = [
      ['tls/policy/resumed-elsewhere', true],
      // Newer versions of Node verify a session again that began without a certificate
      ['tls/policy/resumed-elsewhere-open', MAJOR <= 22],
      // Node can send no alert behind a handshake: the core closes
      ['tls/policy/retry', true, 'weak'],
      ['tls/policy/host-of-another', true],
      ['tls/policy/no-name', true],
    ];
    for (const [id, isShown, onCore = 'pass'] of rows) {
      t.equal(await verdict(id, https), isShown ? 'fail' : 'pass', `${id} on node:https`);
      t.equal(await verdict(id, core), onCore, `${id} on the core`);
    }
    for (const id of ['tls/policy/member', 'tls/policy/resumed', 'tls/policy/stranger']) {
      t.same([await verdict(id, https), await verdict(id, core)], ['pass', 'pass'], id);
    }
  },
);

t.test(
  'what is left open: node:tls tells of a handshake that takes too long and of a failure, and keeps the socket',
  async (t) => {
    const node = await start(t, bare(''));
    const core = await start(t, findSubject('core-tls'));
    for (const [id, kept] of [
      ['tls/abuse/stall-silent', 'hang'],
      ['tls/abuse/stall-half', 'hang'],
      ['tls/abuse/stall-finished', 'fail'],
    ] as const) {
      t.same(
        [await verdict(id, node), await verdict(id, core, findSubject('core-tls')?.handshakeMs)],
        [kept, 'pass'],
        id,
      );
    }
    // The alert is sent, and the connection below TLS stays
    t.equal(await verdict('tls/record/bad-mac', core), 'pass');
  },
);

t.test('who dies: asking a socket of Node for its protocol behind a failed handshake ends the process', async (t) => {
  const node = await start(t, bare("socket.on('close', () => socket.getProtocol()); socket.destroy();"));
  const core = await start(t, findSubject('core-tls'));
  await verdict('tls/abuse/clear-http', node).catch(() => 'died');
  await node.lastWords();
  // Later versions may be mended; this one will not be
  if (MAJOR === 20) t.notOk(node.alive, `node:tls: ${node.ending}`);
  else t.comment(`node:tls of Node ${process.version} ${node.alive ? 'lives' : `died: ${node.ending}`}`);
  t.equal(await verdict('tls/abuse/clear-http', core), 'pass');
  t.ok(core.alive);
});

t.test('the key schedule is that of the example in RFC 8448', async (t) => {
  const zeros = Buffer.alloc(HASH_BYTES);
  const early = hmac(zeros, zeros);
  t.equal(early.toString('hex'), '33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a');
  const derived = expandLabel(early, 'derived', sha256(), HASH_BYTES);
  t.equal(derived.toString('hex'), '6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba');
});
