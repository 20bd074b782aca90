import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import type { Lines } from './lines.js';

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

const expressionBody = (node: ts.Node): ts.Node | undefined =>
  ts.isArrowFunction(node) && !ts.isBlock(node.body) ? node.body : undefined;

/**
 * The lines on which a statement or the result of an arrow function begins. Of other lines the
 * tools do not think alike: one counts each line of a type as run.
 */
function linesOfStatements(file: string): Set<number> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (isType(node)) return;
    const counted = ts.isStatement(node) && !isOnlyFrame(node) ? node : expressionBody(node);
    if (counted !== undefined)
      lines.add(source.getLineAndCharacterOfPosition(counted.getStart(source)).line + 1);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return lines;
}

/** Counts all files of src/, also those that nothing has loaded. */
export function ofSources(copy: string, lines: Lines): void {
  for (const name of readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })) {
    const path = `src/${name}`;
    if (name.endsWith('.ts')) lines.setCode(path, linesOfStatements(join(copy, path)));
  }
}
