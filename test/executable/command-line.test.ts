import { describe, expect, test } from 'vitest';

import {
  helpText,
  OptionError,
  parseCommandLine,
  refusedForGood,
  type CommandLine,
} from '../../src/executable/command-line.js';

describe('the command line of the executable', () => {
  test.for([
    [['app.js', '--require', 'x'], { rest: ['app.js', '--require', 'x'], execArgv: [] }],
    [['--', '--app.js', '-e'], { rest: ['--app.js', '-e'], execArgv: [] }],
    [['-', 'a'], { rest: ['-', 'a'], execArgv: [] }],
    [
      ['-r', 'a', '--require=b', 'app.js'],
      { requires: ['a', 'b'], execArgv: ['-r', 'a', '--require=b'], rest: ['app.js'] },
    ],
    [['--import', 'data:x', '-C', 'a'], { imports: ['data:x'], conditions: ['a'], rest: [] }],
    [['--no_warnings', 'app.js'], { flags: { '--no-warnings': true }, rest: ['app.js'] }],
    [['--title=a=b', 'app.js'], { values: { '--title': 'a=b' } }],
    [['-e', 'code', 'a'], { values: { '--eval': 'code' }, rest: ['a'] }],
    [['--eval=code'], { values: { '--eval': 'code' }, rest: [] }],
    [['-p', 'code'], { values: { '--eval': 'code' }, flags: { '--print': true }, rest: [] }],
    [['-pe', 'code'], { values: { '--eval': 'code' }, flags: { '--print': true }, rest: [] }],
    [['-p'], { values: {}, flags: { '--print': true }, rest: [] }],
  ] as const)('%j', ([args, expected]) => {
    const line: CommandLine = parseCommandLine(args);
    expect({ ...line, values: { ...line.values }, flags: { ...line.flags } }).toMatchObject(
      expected,
    );
  });

  test.for([
    [['--inspect', 'app.js'], /^bad option: --inspect\. It lets a debugger/],
    [['--inspect-brk=0'], /^bad option: --inspect-brk\./],
    [['--experimental_loader', 'x'], /^bad option: --experimental-loader\./],
    [['--env-file=.env'], /^bad option: --env-file\./],
    [['--snapshot-blob', 'x'], /^bad option: --snapshot-blob\./],
    [['--openssl-config=x'], /^bad option: --openssl-config\./],
    [['--run', 'x'], /^bad option: --run\./],
    [['--max-old-space-size=4'], /^bad option: --max-old-space-size\. .*--node-option/],
    [['--expose-internals'], /^bad option: --expose-internals\./],
    [['-x'], /^bad option: -x\./],
    [['--version=1'], /^bad option: --version\./],
    [['__proto__', '-e'], undefined],
    [['--__proto__'], /^bad option: --/],
    [['--constructor'], /^bad option: --constructor\./],
    [['-e'], /^--eval requires an argument$/],
    [['--require', '--import'], /^--require requires an argument$/],
    [['--watch'], /^--watch needs a script/],
    [['--watch', '-'], /^--watch needs a script/],
    [['--watch', '-e', 'code', 'x'], /^--watch needs a script/],
    [['--watch', '--test', 'x'], /^--watch needs a script/],
  ] as const)('%j is refused', ([args, says]) => {
    if (says === undefined) {
      expect(parseCommandLine(args).rest).toEqual(args);
      return;
    }
    expect(() => parseCommandLine(args)).toThrow(OptionError);
    expect(() => parseCommandLine(args)).toThrow(says);
  });

  test('an option that it was built with may be repeated, and no other value of it', () => {
    const fixed = ['--max-old-space-size=64'];
    expect(parseCommandLine(['--max-old-space-size=64', 'x'], fixed)).toMatchObject({
      execArgv: [],
      rest: ['x'],
    });
    expect(() => parseCommandLine(['--max-old-space-size=65', 'x'], fixed)).toThrow(OptionError);
  });

  test('a child of the test runner leaves out unknown options', () => {
    const line = parseCommandLine(['--run=x', '--snapshot-blob=y', '-r', 'a', 'x'], [], true);
    expect(line).toMatchObject({ execArgv: ['-r', 'a'], requires: ['a'], rest: ['x'] });
  });

  test('--help names every option that is taken', () => {
    const text = helpText(['--one']);
    for (const name of ['-e, --eval', '-r, --require', '--conditions', '--watch', '--one']) {
      expect(text).toContain(name);
    }
  });
});

test.for([
  ['--require=x', /before the check/],
  ['--import', /before the check/],
  ['--test-reporter=x', /before the check/],
  ['--eval=1', /command line of the executable/],
  ['--test', /command line of the executable/],
  ['--check', /command line of the executable/],
  ['--build-sea=x', /command line of the executable/],
  ['--experimental_loader=x', /without checks/],
  ['--experimental-shadow-realm', /unchecked loaders/],
  ['-harmony_shadow_realm', /unchecked loaders/],
  ['--harmony-shadow-realm', /unchecked loaders/],
  ['--experimental-vfs', /kernel cannot check/],
  ['--no-addons', /addon/],
  ['--expose-internals', /the checks use/],
  ['--inspect', /debugger/],
  ['--no-disable-sigusr1', /inspector/],
  ['--icu-data-dir=x', /ICU/],
  ['--no-such-option', /Its effect is unknown/],
  ['--sandbox-testing', /Its effect is unknown/],
  ['--max-old-space-size=64', undefined],
  ['--experimental-test-module-mocks', undefined],
] as const)('%s as an option for good', ([option, says]) => {
  const why = refusedForGood(option, () => false);
  if (says === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(says);
});

test.for([
  '--experimental-test-module-mocks',
  '--experimental-vm-modules',
  '--nodisallow-code-generation-from-strings',
])('%s weakens an executable that was built with --strict', (option) => {
  expect(refusedForGood(option, () => true)).toMatch(/strings|source/);
});
