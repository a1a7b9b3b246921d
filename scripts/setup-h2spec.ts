/**
 * `npm run setup:h2spec`: has Go build h2spec, at a pinned version and with every dependency pinned by its digest, into
 * `.aeronet/tools/h2spec`, where `aeronet conform --suite h2spec` finds it. Does nothing where one is found already, unless it
 * is an older one that this program has built.
 *
 *     npm run setup:h2spec               only if none is found
 *     npm run setup:h2spec -- --force    always
 *
 * Exit codes: 0 it is there; 3 it cannot be had here (no Go, no module proxy); 1 anything else.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchError } from '../conformance/errors.ts';
import { findH2spec, H2SPEC_CACHE } from '../conformance/h2spec/binary.ts';

const VERSION = '2.6.0';
const PACKAGE = 'github.com/summerwind/h2spec';
/** The commit of tag v2.6.0. WHY: Go takes no tag above v1 of a module whose path does not say so. */
const PINNED = 'v0.0.0-20200804131034-70ac22940108';
const BUILD_MS = 10 * 60_000;

/** Versions that any Go since 1.17 builds. */
const GO_MOD = `module aeronet/h2spec

go 1.17

require (
	github.com/fatih/color v1.13.0
	github.com/inconshreveable/mousetrap v1.1.0
	github.com/mattn/go-colorable v0.1.13
	github.com/mattn/go-isatty v0.0.17
	github.com/spf13/cobra v1.7.0
	github.com/spf13/pflag v1.0.5
	${PACKAGE} ${PINNED}
	golang.org/x/net v0.17.0
	golang.org/x/sys v0.13.0
	golang.org/x/text v0.13.0
)
`;

const GO_SUM = `github.com/fatih/color v1.13.0 h1:8LOYc1KYPPmyKMuN8QV2DNRWNbLo6LZ0iLs8+mlH53w=
github.com/fatih/color v1.13.0/go.mod h1:kLAiJbzzSOZDVNGyDpeOxJ47H46qBXwg5ILebYFFOfk=
github.com/mattn/go-colorable v0.1.13 h1:fFA4WZxdEF4tXPZVKMLwD8oUnCTTo08duU7wxecdEvA=
github.com/mattn/go-colorable v0.1.13/go.mod h1:7S9/ev0klgBDR4GtXTXX8a3vIGJpMovkB8vQcUbaXHg=
github.com/mattn/go-isatty v0.0.17 h1:BTarxUcIeDqL27Mc+vyvdWYSL28zpIhv3RoTdsLMPng=
github.com/mattn/go-isatty v0.0.17/go.mod h1:kYGgaQfpe5nmfYZH+SKPsOc2e4SrIfOl2e/yFXSvRLM=
github.com/spf13/cobra v1.7.0 h1:hyqWnYt1ZQShIddO5kBpj3vu05/++x6tJ6dg8EC572I=
github.com/spf13/cobra v1.7.0/go.mod h1:uLxZILRyS/50WlhOIKD7W6V5bgeIt+4sICxh6uRMrb0=
github.com/spf13/pflag v1.0.5 h1:iy+VFUOCP1a+8yFto/drg2CJ5u0yRoB7fZw3DKv/JXA=
github.com/spf13/pflag v1.0.5/go.mod h1:McXfInJRrz4CZXVZOBLb0bTZqETkiAhM9Iw0y3An2Bg=
github.com/summerwind/h2spec v0.0.0-20200804131034-70ac22940108 h1:ecwW3RnjsJlnVZkvXHaxa+Hg0EW+6KF8mFovyFk+WZA=
github.com/summerwind/h2spec v0.0.0-20200804131034-70ac22940108/go.mod h1:jn/HqC28P+sr5C23xwQQyRzsvJPpWnPGX20sJKIJIwE=
golang.org/x/net v0.17.0 h1:pVaXccu2ozPjCXewfr1S7xza/zcXTity9cCdXQYSjIM=
golang.org/x/net v0.17.0/go.mod h1:NxSsAGuq816PNPmqtQdLE42eU2Fs7NoRIZrHJAlaCOE=
golang.org/x/sys v0.13.0 h1:Af8nKPmuFypiUBjVoU9V20FiaFXOcuZI21p0ycVYYGE=
golang.org/x/sys v0.13.0/go.mod h1:oPkhp1MJrh7nUepCBck5+mAzfO9JrbApNNgaTdGDITg=
golang.org/x/text v0.13.0 h1:ablQoSUd0tRdKxZewP80B+BaqeKJuVhuRxj/dkrun3k=
golang.org/x/text v0.13.0/go.mod h1:TvPlkZtksWOMsz7fbANvkp4WM8x/WCo/om8BMLbz+aE=
`;

/** What Go says when it gets no module, for want of a network or a proxy that has it. */
const UNREACHABLE = /dial tcp|no such host|i\/o timeout|GOPROXY=off|proxyconnect|reading https?:|: Get "https?:/;

const { values } = parseArgs({ options: { force: { type: 'boolean' } } });
try {
  process.exitCode = await setUp(values.force === true);
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`setup:h2spec: ${error.message}`);
  process.exitCode = 1;
}

async function setUp(force: boolean): Promise<number> {
  if (!force) {
    const found = await findH2spec(process.env).catch((error: unknown) => {
      if (error instanceof BenchError && process.env['H2SPEC'] === undefined) return undefined;
      throw error;
    });
    const isStale = found?.path === resolve(H2SPEC_CACHE) && found.version !== VERSION;
    if (found !== undefined && !isStale) {
      console.log(`h2spec ${found.version} is at ${found.path}`);
      return 0;
    }
  }
  const go = run('go', ['version'], process.cwd());
  if (go.status !== 0) {
    console.error(
      'h2spec is built by Go, and there is no go in the PATH: install Go 1.17 or later, or set H2SPEC=<path>',
    );
    return 3;
  }
  const folder = mkdtempSync(join(tmpdir(), 'aeronet-h2spec-'));
  try {
    return build(folder, resolve(H2SPEC_CACHE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(folder: string, path: string): number {
  writeFileSync(join(folder, 'go.mod'), GO_MOD);
  writeFileSync(join(folder, 'go.sum'), GO_SUM);
  console.error(`building h2spec ${VERSION} with Go; the first time this takes a minute or two`);
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', `-X main.VERSION=${VERSION}`];
  const built = run('go', ['build', ...flags, '-o', 'h2spec', `${PACKAGE}/cmd/h2spec`], folder);
  if (built.status !== 0) {
    console.error(built.output.trim());
    return UNREACHABLE.test(built.output) ? 3 : 1;
  }
  mkdirSync(dirname(path), { recursive: true });
  // A copy beside its place and a rename: another process never sees half a program.
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, readFileSync(join(folder, 'h2spec')), { mode: 0o755 });
  renameSync(beside, path);
  console.log(`h2spec ${VERSION} is at ${path}`);
  return 0;
}

/** Go without what this machine sets for other modules, and never another toolchain than the one that is here. */
function run(program: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: BUILD_MS,
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local' },
  });
  return { status: error === undefined ? status : 1, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}
