import { askVersion } from '../run/installed.ts';
import { WWW } from './contract.ts';
import type { Subject } from './subject.ts';

const CONFIG = `listen:
  host: 127.0.0.1
  port: {port}
num-threads: 2
hosts:
  default:
    paths:
      /echo:
        mruby.handler: |
          Proc.new do |env|
            input = env["rack.input"]
            [200, {"content-type" => "application/octet-stream"}, [input ? input.read : ""]]
          end
      /:
        file.dir: {folder}/www
`;

/**
 * h2o: HTTP/1.1, and HTTP/2 with prior knowledge, on one port. Its mruby sees fields as CGI does, names in upper case and lines
 * joined, which is not what the server understood: there is no `/inspect`.
 */
export const h2o: Subject = {
  name: 'h2o',
  about: 'h2o, HTTP/1.1 and HTTP/2 in clear: static files, echo in mruby',
  command: ['h2o', '-c', '{folder}/h2o.conf'],
  requires: ['h2o'],
  install: { from: 'debian', packages: ['h2o'] },
  files: { ...WWW, 'h2o.conf': CONFIG },
  version: () => askVersion('h2o', 'h2o', ['--version'], /version (\S+)/),
};
