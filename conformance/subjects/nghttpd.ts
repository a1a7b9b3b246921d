import { askVersion } from '../run/installed.ts';
import { WWW } from './contract.ts';
import type { Subject } from './subject.ts';

/** nghttp2's own server: HTTP/2 alone, in clear with prior knowledge. It echoes whatever is posted, wherever. */
export const nghttpd: Subject = {
  name: 'nghttpd',
  about: 'the server of nghttp2, HTTP/2 in clear alone: static files, echo by --echo-upload',
  command: ['nghttpd', '--no-tls', '--echo-upload', '-a', '127.0.0.1', '-d', '{folder}/www', '{port}'],
  requires: ['nghttpd'],
  install: { from: 'debian', packages: ['nghttp2-server'] },
  files: WWW,
  version: () => askVersion('nghttpd', 'nghttpd', ['--version'], /nghttp2\/(\S+)/),
};
