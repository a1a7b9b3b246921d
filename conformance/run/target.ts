import { isIP } from 'node:net';
import { BenchError } from '../errors.ts';
import { findSubject, subjectNames } from '../subjects/index.ts';
import type { StartCommand } from '../subjects/start-command.ts';
import type { Address } from '../wire/connection.ts';
import { editDistance } from './edit-distance.ts';

/** A target as named on the command line, before anything is contacted or started. */
export type Target =
  | {
      readonly kind: 'url';
      readonly name: string;
      readonly given: string;
      readonly address: Address;
      readonly wsPath?: string;
      readonly handshakeMs?: number;
      readonly hasPolicies?: boolean;
    }
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly given: string;
      readonly start: StartCommand;
      readonly wsPath?: string;
      readonly handshakeMs?: number;
      readonly hasPolicies?: boolean;
    };

const FORMS = 'http://host:port, https://host:port, "cmd:<start command with {port}>"';

/**
 * Parses a target: a URL, `cmd:…`, or the name of a subject.
 * @param allowedHosts hosts besides loopback that may be contacted
 * @throws BenchError (exit 2) when it is none of these, or a host that was not allowed
 */
export function parseTarget(given: string, allowedHosts: readonly string[] = []): Target {
  if (given.startsWith('cmd:')) return parseCommand(given);
  if (/^https?:\/\//i.test(given)) return parseUrl(given, allowedHosts);
  const subject = findSubject(given);
  if (subject !== undefined) return { kind: 'command', name: given, given, start: subject, ...knownOf(subject) };
  const names = subjectNames();
  const meant = meantTarget(given, names);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new BenchError(2, `Unknown target "${given}": give ${FORMS}, or a subject (${names.join(', ')})${hint}`);
}

/** Targets with the path of their WebSocket echo, where one is given; a subject's own is left where none is. */
export function withWsPath(targets: readonly Target[], wsPath: string | undefined): readonly Target[] {
  if (wsPath === undefined) return targets;
  if (!/^\/[!-~]*$/.test(wsPath)) throw new BenchError(2, `--ws-path "${wsPath}" is no path: write /ws`);
  return targets.map((target) => ({ ...target, wsPath }));
}

const knownOf = ({ wsPath, handshakeMs, hasPolicies = false }: StartCommand) => ({
  hasPolicies,
  ...(wsPath === undefined ? {} : { wsPath }),
  ...(handshakeMs === undefined ? {} : { handshakeMs }),
});

/** What was meant by a name that is none: a host and port without a scheme, or a subject with a slip or two. */
function meantTarget(given: string, names: readonly string[]): string | undefined {
  if (/^(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/.test(given)) return `http://${given}`;
  return names.find((name) => editDistance(given, name) <= 2);
}

/** Gives targets of one name names of their own, in order: `url`, `url-2`. Keys of results are made of them. */
export function distinctlyNamed(targets: readonly Target[]): readonly Target[] {
  const seen = new Map<string, number>();
  return targets.map((target) => {
    const count = (seen.get(target.name) ?? 0) + 1;
    seen.set(target.name, count);
    return count === 1 ? target : { ...target, name: `${target.name}-${count}` };
  });
}

/** Whether a host can only be this machine; not so `x.localhost`, which some resolvers ask others about. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function parseCommand(given: string): Target {
  const command = given.slice('cmd:'.length).trim();
  if (command === '')
    throw new BenchError(2, `Target "${given}" names no command: write cmd:<start command with {port}>`);
  if (!command.includes('{port}')) {
    throw new BenchError(
      2,
      `Target "${given}" has no {port}: the bench picks a free port and the command must listen on it`,
    );
  }
  return { kind: 'command', name: 'cmd', given, start: { command } };
}

function parseUrl(given: string, allowedHosts: readonly string[]): Target {
  if (!URL.canParse(given)) throw new BenchError(2, `Target "${given}" is no valid URL: write http://127.0.0.1:8080`);
  const url = new URL(given);
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new BenchError(
      2,
      `Target "${given}" says more than host and port: the bench asks for its own paths, write ${url.protocol}//${url.host}`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!isLoopback(host) && !allowedHosts.includes(host)) {
    throw new BenchError(2, `Target "${given}" is not on this machine: add --allow-host ${host} if you may test it`);
  }
  const tls = url.protocol === 'https:';
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  return { kind: 'url', name: 'url', given, address: { host, port, tls, authority: url.host } };
}
