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

/**
 * The lines on which a statement begins, and those on which the result of an arrow function does,
 * each with the line of its function. The tools do not agree about other lines.
 */
function linesWithCode(file: string): [statements: Set<number>, results: Map<number, number>] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  const lineOf = (node: ts.Node): number =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const statements = new Set<number>();
  const results = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    if (isType(node)) return;
    if (ts.isStatement(node) && !isOnlyFrame(node)) statements.add(lineOf(node));
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      const [line, start] = [lineOf(node.body), lineOf(node)];
      // On a line of its own statement, it is that statement's line.
      if (!statements.has(line)) results.set(line, start);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return [statements, results];
}

/** Counts all files of src/, also those that nothing has loaded. */
export function ofSources(copy: string, lines: Lines): void {
  for (const name of readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' })) {
    const path = `src/${name}`;
    if (name.endsWith('.ts')) lines.setCode(path, ...linesWithCode(join(copy, path)));
  }
}
