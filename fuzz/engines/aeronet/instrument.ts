/**
 * Instruments one built ES module: a counter for every function, branch, case, loop body and handler, and a probe around
 * comparisons whose operands can guide the mutators. Everything is spliced in place, so each line keeps its number.
 *
 *     if (a && b) f();   →   if (a && (__c[1]++,b)) {__c[0]++;f();} else {__c[2]++}
 */
import { type AnyNode, parse } from 'acorn';
import { isGuidingComparison, operatorAt, PROBES } from './comparison-sites.ts';
import { numberForms } from './dictionary.ts';
import { type Splice, spliceOf } from './splice.ts';

/** Name of the global that an instrumented module takes its counters and probes from; the worker sets it first. */
export const RUNTIME_GLOBAL = '__aeronetFuzz';
/** A turn of a loop: the unit in which work is counted. */
const STEP = '__w[0]++;';
/** Changes whenever the same source would be instrumented differently, so that old mirrors are not used. */
export const INSTRUMENTER_VERSION = 2;

export interface InstrumentedModule {
  readonly code: string;
  /** How many counters it took, from the first one given. */
  readonly edges: number;
  readonly comparisons: number;
  /** Words that occur in it as literals. */
  readonly words: readonly string[];
}

/** Instruments a module whose counters and comparison sites are numbered from the given ones. */
export function instrument(source: string, firstEdge: number, firstComparison: number): InstrumentedModule {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  const walker = createWalker(source, firstEdge, firstComparison);
  walker.visit(program, false);
  const start = source.startsWith('#!') ? source.indexOf('\n') + 1 : 0;
  walker.splice.open(start, `const {c:__c,p:__p,w:__w}=globalThis.${RUNTIME_GLOBAL};`);
  return {
    code: walker.splice.apply(),
    edges: walker.edges(),
    comparisons: walker.comparisons(),
    words: [...walker.words],
  };
}

function createWalker(source: string, firstEdge: number, firstComparison: number) {
  const splice: Splice = spliceOf(source);
  const words = new Set<string>();
  let edge = firstEdge;
  let comparison = firstComparison;

  const count = (): string => `__c[${edge++}]++`;
  const expression = (node: AnyNode): void => {
    splice.open(node.start, `(${count()},`);
    splice.close(node.end, ')');
  };
  const statement = (node: AnyNode, also = ''): void => {
    if (node.type === 'BlockStatement') {
      splice.open(node.start + 1, `${count()};${also}`);
      return;
    }
    splice.open(node.start, `{${count()};${also}`);
    splice.close(node.end, '}');
  };

  /** `inLoopTest`: the comparisons of a loop's own test are hot and say nothing that its counter does not say. */
  const visit = (node: AnyNode, inLoopTest: boolean): void => {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        statement(node.body);
        break;
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') statement(node.body);
        else expression(node.body);
        break;
      case 'IfStatement':
        // Pushed before the branch's own bracket, so that it comes after it.
        if (!node.alternate) splice.close(node.consequent.end, ` else {${count()}}`);
        statement(node.consequent);
        if (node.alternate) statement(node.alternate);
        break;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        statement(node.body, STEP);
        break;
      case 'CatchClause':
        statement(node.body);
        break;
      case 'ConditionalExpression':
        expression(node.consequent);
        expression(node.alternate);
        break;
      case 'LogicalExpression':
        expression(node.right);
        visit(node.left, inLoopTest);
        visit(node.right, inLoopTest);
        return;
      case 'AssignmentPattern':
        expression(node.right);
        break;
      case 'SwitchCase': {
        const colon = source.indexOf(
          ':',
          endOfComments(source, node.test ? node.test.end : node.start + 'default'.length),
        );
        splice.open(colon + 1, `${count()};`);
        break;
      }
      case 'BinaryExpression': {
        const probe = inLoopTest ? undefined : PROBES[node.operator];
        if (probe !== undefined && isGuidingComparison(node)) {
          const at = operatorAt(source, node.left.end, node.operator);
          splice.open(node.start, `__p.${probe}(${comparison++},`);
          splice.replace(at, node.operator.length, ',');
          splice.close(node.end, ')');
        }
        break;
      }
      case 'Literal':
        for (const word of literalWords(node.value)) words.add(word);
        break;
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ExportNamedDeclaration':
        if (node.source) return;
        break;
      default:
        break;
    }
    const test = 'test' in node && isLoop(node) ? node.test : undefined;
    for (const child of childrenOf(node)) visit(child, child === test);
  };

  return { splice, words, visit, edges: () => edge - firstEdge, comparisons: () => comparison - firstComparison };
}

function isLoop(node: AnyNode): boolean {
  return node.type === 'ForStatement' || node.type === 'WhileStatement' || node.type === 'DoWhileStatement';
}

function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node)) {
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) children.push(item);
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string'
  );
}

/** Skips white space, brackets and comments, which may hold a colon. */
function endOfComments(source: string, from: number): number {
  const skipped = /^(?:[\s)]|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(source.slice(from));
  return from + (skipped?.[0].length ?? 0);
}

/** What a literal of the subject is worth to a dictionary; sentences are messages, not vocabulary. */
function literalWords(value: unknown): string[] {
  if (typeof value === 'number') return value > 255 ? numberForms(value).filter((word) => word !== '') : [];
  if (typeof value !== 'string' || value.length < 2 || value.length > 32) return [];
  return value.split(' ').length > 3 || /[^\0-\xff]/.test(value) ? [] : [value];
}
