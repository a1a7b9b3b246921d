import ts from 'typescript';
import type { SourceFile } from './source-files.ts';

/** One place where a file names another module. */
export interface ImportSite {
  readonly specifier: string;
  /** `type` leaves nothing at run time, `value` is loaded with the file, `dynamic` when an `import()` runs. */
  readonly kind: 'type' | 'value' | 'dynamic';
  readonly line: number;
}

/** Every import, re-export, `import()` with a literal, `import('…')` type and `require` of a file, in its order. */
export function findImports(file: SourceFile): readonly ImportSite[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const sites: ImportSite[] = [];
  const visit = (node: ts.Node): void => {
    const [name, kind] = moduleNamedBy(node);
    if (name !== undefined && ts.isStringLiteralLike(name)) {
      const line = source.getLineAndCharacterOfPosition(name.end).line + 1;
      sites.push({ specifier: name.text, kind, line });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sites;
}

function moduleNamedBy(node: ts.Node): readonly [ts.Node | undefined, ImportSite['kind']] {
  if (ts.isImportDeclaration(node)) return [node.moduleSpecifier, importsOnlyTypes(node) ? 'type' : 'value'];
  if (ts.isExportDeclaration(node)) return [node.moduleSpecifier, node.isTypeOnly ? 'type' : 'value'];
  if (ts.isImportTypeNode(node))
    return [ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'type'];
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return [node.moduleReference.expression, 'value'];
  }
  if (!ts.isCallExpression(node)) return [undefined, 'value'];
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return [node.arguments[0], 'dynamic'];
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return [isRequire ? node.arguments[0] : undefined, 'value'];
}

/** Only `import type` is erased whole: `import { type A } from './a.ts'` still loads the module (verbatimModuleSyntax). */
function importsOnlyTypes(node: ts.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
