/** Own frames of a JavaScript stack trace, without lines and columns: they survive edits and both builds. */

/** Deeper frames say how the harness called, not what failed. */
const MAX_FRAMES = 16;
/** Frames of these folders are how an input got to the subject; the oracles that judge it do count. */
const HARNESS = /^fuzz\/(?!oracles\/)/;

/** Frames in the tree's own modules, innermost first, as `core/http1/parser.ts:receive`. */
export function ownFrames(stack: string, modules: readonly string[]): string[] {
  const frames: string[] = [];
  for (const line of stack.split('\n')) {
    const frame = parseFrame(line, modules);
    if (frame !== undefined && frames.length < MAX_FRAMES) frames.push(frame);
  }
  return frames;
}

/** The frame's name for a function in a file, or undefined when the file is not one of the subject's own. */
export function ownFrame(functionName: string, file: string, modules: readonly string[]): string | undefined {
  const module = ownModule(file, modules);
  if (module === undefined || HARNESS.test(module)) return undefined;
  return `${module.replace(/\.js$/, '.ts')}:${functionName === '' ? '<anonymous>' : functionName}`;
}

/**
 * The frames of a stack trace in the tree's modules, down to the target, with paths as they are in the tree: no folder of
 * the machine that it came from is told.
 */
export function portableStack(stack: string, modules: readonly string[]): string {
  const lines: string[] = [];
  for (const line of stack.split('\n')) {
    const { name, file, place } = FRAME.exec(line)?.groups ?? {};
    const module = file === undefined ? undefined : ownModule(file, modules);
    if (file === undefined || module === undefined) continue;
    const path = file.endsWith('.ts') ? module.replace(/\.js$/, '.ts') : module;
    lines.push(`at ${name === undefined ? `${path}${place}` : `${name} (${path}${place})`}`);
    if (/(?:^|\/)targets\//.test(module)) break;
  }
  return lines.join('\n');
}

const FRAME = /^\s+at (?:async )?(?:(?<name>.+?) \()?(?<file>[^()\s]+?)(?<place>(?::\d+){1,2})\)?$/;

function ownModule(file: string, modules: readonly string[]): string | undefined {
  const path = file.replace(/^file:\/\//, '').replace(/\.[jt]s$/, '');
  return modules.find((candidate) => path.endsWith(`/${candidate.replace(/\.js$/, '')}`));
}

function parseFrame(line: string, modules: readonly string[]): string | undefined {
  const { name = '', file } = FRAME.exec(line)?.groups ?? {};
  if (file === undefined) return undefined;
  // `Parser.receive`, `new Parser`, `Object.fuzz [as run]`: the last name is the function's own.
  const own = name.replace(/^(?:new|get|set) /, '').replace(/ \[as .*\]$/, '');
  return ownFrame(own.slice(own.lastIndexOf('.') + 1), file, modules);
}
