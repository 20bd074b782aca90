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

export default tseslint.config(
  { ignores: ['build', 'build-*', 'dist', 'prebuilds', 'node_modules', '.ci/types.ts'] },
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
      globals: { MessagePort: 'readonly', Worker: 'readonly', setInterval: 'readonly' },
    },
    rules: {
      'getter-return': 'off',
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-unused-vars': 'off',
    },
  },
);
