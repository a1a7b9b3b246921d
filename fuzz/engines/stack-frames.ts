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

/** The frame's name for a function in a file, or undefined when the file is not one of the tree's own. */
export function ownFrame(functionName: string, file: string, modules: readonly string[]): string | undefined {
  const path = file.replace(/^file:\/\//, '').replace(/\.[jt]s$/, '');
  const module = modules.find((candidate) => path.endsWith(`/${candidate.replace(/\.js$/, '')}`));
  if (module === undefined || HARNESS.test(module)) return undefined;
  return `${module.replace(/\.js$/, '.ts')}:${functionName === '' ? '<anonymous>' : functionName}`;
}

function parseFrame(line: string, modules: readonly string[]): string | undefined {
  const match = /^\s+at (?:async )?(?:(?<name>.+?) \()?(?<file>[^()\s]+?):\d+:\d+\)?$/.exec(line);
  const { name = '', file } = match?.groups ?? {};
  if (file === undefined) return undefined;
  // `Parser.receive`, `new Parser`, `Object.fuzz [as run]`: the last name is the function's own.
  const own = name.replace(/^(?:new|get|set) /, '').replace(/ \[as .*\]$/, '');
  return ownFrame(own.slice(own.lastIndexOf('.') + 1), file, modules);
}
