import { firstMissing } from '../run/installed.ts';
import { apache } from './apache.ts';
import { bun } from './bun.ts';
import { caddy } from './caddy.ts';
import { core, coreFiles, corePolicies, coreTls } from './core.ts';
import { fastify } from './fastify.ts';
import { h2o } from './h2o.ts';
import { haproxy } from './haproxy.ts';
import { hono } from './hono.ts';
import { lighttpd } from './lighttpd.ts';
import { nghttpd } from './nghttpd.ts';
import { nginx, nginxH2c } from './nginx.ts';
import { nodeHttp, nodeHttp2, nodeHttp2Tls, nodeHttps } from './node.ts';
import { expectationsOf, type Subject } from './subject.ts';
import { ws } from './ws.ts';

export type { Install, Subject } from './subject.ts';

/** Every subject. To add one, write its file and its line here. */
const ALL = [
  ...[core, coreTls, corePolicies, coreFiles, nodeHttp, nodeHttps, nodeHttp2, nodeHttp2Tls, fastify, hono, bun, ws],
  ...[nginx, nginxH2c, apache, nghttpd, h2o, haproxy, lighttpd, caddy],
];

/** Every known server, with its known failures. */
export const SUBJECTS: readonly Subject[] = ALL.map((subject) => ({ ...subject, ...expectationsOf(subject.name) }));

/** The subject of this name. */
export function findSubject(name: string): Subject | undefined {
  return SUBJECTS.find((subject) => subject.name === name);
}

/** Names that may stand where a target is asked for. */
export function subjectNames(): readonly string[] {
  return SUBJECTS.map((subject) => subject.name);
}

/** Whether all is here that it needs to start. */
export function isInstalled(subject: Pick<Subject, 'requires'>): boolean {
  return firstMissing(subject.requires ?? []) === undefined;
}
