/** Which comparisons of a subject are worth a probe, and how to find their parts in the source. */
import type { BinaryExpression, Expression, PrivateIdentifier } from 'acorn';

/** Probe of the worker's run-time (comparison.ts) for each operator that is probed. */
export const PROBES: Readonly<Record<string, string>> = {
  '===': 'eq',
  '!==': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/**
 * Whether its operands can guide a mutator: both are computed, or one is a word or a number too large to be met by chance.
 * `octet === 0x0d` is not: its branch is met in 256 tries, and a probe there would cost more than all the others.
 */
export function isGuidingComparison(node: BinaryExpression): boolean {
  return isGuidingOperand(node.left) && isGuidingOperand(node.right);
}

function isGuidingOperand(node: Expression | PrivateIdentifier): boolean {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'string') return node.value.length > 1;
      return typeof node.value === 'number' && node.value > 255;
    case 'UnaryExpression':
      return node.operator !== 'typeof' && node.operator !== 'void' && isGuidingOperand(node.argument);
    case 'Identifier':
      return node.name !== 'undefined';
    case 'PrivateIdentifier':
      return false;
    default:
      return true;
  }
}

/** Where the operator stands after the left operand; closing brackets and comments may come between. */
export function operatorAt(source: string, leftEnd: number, operator: string): number {
  const between = /^(?:[\s)]|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(source.slice(leftEnd, leftEnd + 4_096));
  const at = leftEnd + (between?.[0].length ?? 0);
  if (!source.startsWith(operator, at)) throw new Error(`no operator ${operator} at ${at} of the instrumented source`);
  return at;
}
