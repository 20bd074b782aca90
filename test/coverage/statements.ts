import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import type { Code, Lines } from './lines.js';

/** What has code, but what it has in it is counted by itself. Or no code is made of it. */
const isOnlyFrame = (node: ts.Node): boolean =>
  ts.isBlock(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node);

const isType = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;

/**
 * Where a statement begins, the value of a variable, or the result of an arrow function. The tools
 * do not agree about other lines.
 */
function linesWithCode(file: string): Code[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  const lineOf = (node: ts.Node): number =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const code: Code[] = [];
  const visit = (node: ts.Node): void => {
    if (isType(node)) return;
    if (ts.isVariableStatement(node)) {
      for (const { initializer } of node.declarationList.declarations) {
        if (initializer !== undefined)
          code.push({ line: lineOf(initializer), alsoAs: lineOf(node) });
      }
    } else if (ts.isStatement(node) && !isOnlyFrame(node)) code.push({ line: lineOf(node) });
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body))
      code.push({ line: lineOf(node.body), alsoAs: lineOf(node), result: true });
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return code;
}

/** Counts all files of src/, also those that nothing has loaded. */
export function ofSources(copy: string, lines: Lines): void {
  for (const name of readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })) {
    const path = `src/${name}`;
    if (name.endsWith('.ts')) lines.setCode(path, linesWithCode(join(copy, path)));
  }
}
