/*
 * Makes docs/api.md of the published declarations: what each entry point exports, with
 * its docstring. Fails, and names them, if something that is exported has none.
 * usage: npm run docs [-- --check], which writes nothing and fails if it is out of date
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import prettier from 'prettier';
import ts from 'typescript';

const root = import.meta.dirname;
const file = join(root, 'docs/api.md');
const { name: own, exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const entries = Object.entries(exports).flatMap(([path, { require }]) =>
  require === undefined ? [] : [[path.replace('.', own), join(root, require.types)]],
);
const program = ts.createProgram(
  entries.map(([, path]) => path),
  { module: ts.ModuleKind.NodeNext, types: ['node'], lib: ['lib.es2023.d.ts', 'lib.esnext.d.ts'] },
);
const checker = program.getTypeChecker();

const GROUPS = ['Functions', 'Classes', 'Errors', 'Constants', 'Types'];
function groupOf({ name, flags }) {
  if (flags & ts.SymbolFlags.Function) return 'Functions';
  if (flags & ts.SymbolFlags.Class) return name.endsWith('Error') ? 'Errors' : 'Classes';
  return flags & ts.SymbolFlags.Variable ? 'Constants' : 'Types';
}

const textOf = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** What nobody calls: TypeScript's mark of #private, what is @internal, an error's constructor. */
function isHidden(member) {
  return (
    (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
    ts.isConstructorDeclaration(member) ||
    ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal')
  );
}

const without = [];
/** The members that a reader meets, each with its docstring. */
function membersOf(declaration, title) {
  return declaration.members
    .filter((member) => !isHidden(member))
    .map((member, at, all) => {
      const name = member.name?.getText() ?? '';
      const isOverload = at > 0 && all[at - 1].name?.getText() === name;
      const isWellKnown = name.startsWith('[Symbol.');
      const hasText = ts.getJSDocCommentsAndTags(member).length > 0;
      if (!hasText && !isOverload && !isWellKnown) without.push(`${title}.${name}`);
      return member.getFullText().replace(/^\n+/, '').trimEnd();
    });
}

function declared(declaration, title) {
  const text = declaration.getText().replace(/^export (declare )?/, '');
  if (ts.isVariableDeclaration(declaration)) return `const ${text};`;
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return text;
  const head = text.slice(0, text.indexOf('{') + 1);
  return `${head}\n${membersOf(declaration, title).join('\n')}\n}`;
}

/** A synchronous form says what both do, so they stand together. */
function section(symbol, all) {
  const { name } = symbol;
  const asynchronous = all.find((other) => `${other.name}Sync` === name);
  const forms = asynchronous === undefined ? [symbol] : [asynchronous, symbol];
  for (const form of forms) if (textOf(form) === '') without.push(form.name);
  const added =
    asynchronous === undefined ? '' : `\`${asynchronous.name}\`: ${textOf(asynchronous)}`;
  const code = forms.flatMap((form) => form.declarations.map((one) => declared(one, form.name)));
  const title = forms.map((form) => form.name).join(', ');
  return `#### ${title}\n\n${textOf(symbol)}\n\n${added}\n\n\`\`\`ts\n${code.join('\n')}\n\`\`\`\n`;
}

function chapter([name, path]) {
  const symbols = checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))
    .map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    );
  const groups = GROUPS.map((group) => [group, symbols.filter((one) => groupOf(one) === group)]);
  return `## ${name}\n\n${groups
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => {
      const own = members.filter(({ name }) => !members.some((one) => one.name === `${name}Sync`));
      return `### ${group}\n\n${own.map((one) => section(one, members)).join('\n')}`;
    })
    .join('\n')}`;
}

const text = await prettier.format(
  `# API\n\nWhat \`npm run docs\` makes of the docstrings in src/.\n\n${entries.map(chapter).join('\n')}`,
  { ...(await prettier.resolveConfig(file)), parser: 'markdown' },
);
if (without.length > 0) {
  console.error(`these have no docstring: ${without.join(', ')}`);
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  await writeFile(file, text);
} else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('docs/api.md is not what the docstrings say: run `npm run docs`');
  process.exitCode = 1;
}
