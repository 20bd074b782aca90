import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// What Node has beyond the language; the few that plain JavaScript here uses.
const nodeGlobals = Object.fromEntries(
  [
    'AbortController',
    'AbortSignal',
    'Buffer',
    'Response',
    'URL',
    'WebAssembly',
    '__dirname',
    '__filename',
    'console',
    'fetch',
    'process',
    'queueMicrotask',
    'require',
    'setImmediate',
    'setTimeout',
    'structuredClone',
  ].map((name) => [name, 'readonly']),
);

/** What a module may call at its import: it takes something as Node has it, or makes an empty one. */
const takes =
  '/^(bind|uncurryThis|getter|partOf|channel|builtin|createRequire|BigInt|create|for|freeze|getPrototypeOf|ObjectGetPrototypeOf)$/';
const makes = '/^(Int32Array|TextEncoder|TextDecoder)$/';
const atImport = (kind, which) => `${kind}${which}:not(:function ${kind})`;
/** Whatever else a module could do at its import. */
const acts = [
  'Program > :not(ImportDeclaration, ExportNamedDeclaration, VariableDeclaration, FunctionDeclaration, ClassDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration, TSDeclareFunction)',
  'ImportDeclaration[specifiers.length=0]',
  atImport('CallExpression', `[callee.type=Identifier][callee.name!=${takes}]`),
  atImport('CallExpression', `[callee.type=MemberExpression][callee.property.name!=${takes}]`),
  atImport('CallExpression', '[callee.type=/Function/]'),
  atImport('NewExpression', `[callee.name!=${makes}]`),
  atImport('MemberExpression', '[object.name=process][property.name=/^(env|argv|execArgv)$/]'),
].map((selector) => ({
  selector,
  message: 'An import must not act. Do this in a function, and call it where the order is: boot().',
}));

/** The language as the program may have changed it. Errors are thrown in any case. */
const LANGUAGE =
  '/^(Array|ArrayBuffer|Atomics|BigInt|Boolean|Date|Function|JSON|Map|Math|Number|Object|Promise|Proxy|Reflect|RegExp|Set|String|Symbol|Uint8Array|WeakMap|WeakRef|WeakSet|globalThis)$/';
const ofTheProgram = [
  `:function CallExpression > Identifier.callee[name=${LANGUAGE}]`,
  `:function NewExpression > Identifier.callee[name=${LANGUAGE}]`,
  `:function MemberExpression > Identifier.object[name=${LANGUAGE}]`,
].map((selector) => ({
  selector,
  message: 'A program can replace this. Take it from lib/primordials.ts, or write a literal.',
}));

/** Iterators of arrays, and setters of an index, as the program may have changed them. */
const ofArrays = [
  ':function ForOfStatement',
  ':function ArrayPattern',
  ':function SpreadElement[parent.type!=ObjectExpression]',
  ':function AssignmentExpression[left.computed=true][left.property.property.name=length]',
].map((selector) => ({
  selector,
  message: 'A program can replace what this calls. Loop over the indexes, and store by append().',
}));

/** Every function of these files has run before the program. Nothing else may call them. */
const beforeTheProgram = [
  'begin',
  'log-program',
  'log-target',
  'node-fd',
  'start',
  'guard/gates',
  'inherit/given-options',
  'lib/append',
  'lib/node-version',
  'lib/pending-deprecation',
].map((name) => `src/preload/${name}.ts`);

export default tseslint.config(
  {
    ignores: [
      'build',
      'build-*',
      'dist',
      'prebuilds',
      'node_modules',
      '.ci/types.ts',
      'test/preload/ways/typescript/*.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
    },
  },
  // A room of src/ imports only downwards: cli, executable, launch and preload, tables, the API.
  ...[
    ['src/*.ts', ['tables', 'image', 'preload', 'launch', 'executable', 'cli']],
    ['src/tables/*.ts', ['preload', 'launch', 'executable', 'cli']],
    ['src/image/*.ts', ['preload', 'launch', 'executable', 'cli']],
    ['src/preload/**/*.ts', ['launch', 'cli']],
    ['src/launch/*.ts', ['executable', 'cli']],
    ['src/executable/*.ts', ['launch', 'cli']],
  ].map(([files, above]) => ({
    files: [files],
    rules: {
      'no-restricted-imports': ['error', { patterns: above.map((room) => `**/${room}/**`) }],
    },
  })),
  {
    // A log or a tree may have more items than a call takes arguments.
    files: ['src/cli/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement',
          message:
            'A long list is more than the arguments that a call takes. Use concat or a loop.',
        },
      ],
    },
  },
  {
    // What an import does depends on the order of imports. So a module only declares, and takes
    // the language's and Node's own functions as they are; boot() does the rest, in its order.
    files: ['src/preload/**/*.ts', 'src/executable/*.ts'],
    // These two are started by Node, and boot.
    ignores: ['src/preload/register.ts', 'src/executable/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...acts] },
  },
  {
    // The executable's other files have done their work before the program runs.
    files: ['src/preload/**/*.ts', 'src/executable/workers.ts'],
    ignores: ['src/preload/register.ts'],
    rules: { 'no-restricted-syntax': ['error', ...acts, ...ofTheProgram, ...ofArrays] },
  },
  {
    files: beforeTheProgram,
    rules: { 'no-restricted-syntax': ['error', ...acts, ...ofTheProgram] },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: nodeGlobals },
  },
  {
    // CommonJS, whose own variables are what is compared.
    files: ['test/preload/imaged/**'],
    languageOptions: {
      globals: {
        TextEncoder: 'readonly',
        arguments: 'readonly',
        exports: 'readonly',
        module: 'readonly',
      },
    },
  },
  {
    // What an attacker does: errors are ignored, and accessors answer nothing.
    files: ['test/*/ways/**'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Blob',
          'DOMException',
          'MessagePort',
          'ReadableStream',
          'TransformStream',
          'Worker',
          'WritableStream',
          'performance',
          'setInterval',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'getter-return': 'off',
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-unused-vars': 'off',
    },
  },
);
