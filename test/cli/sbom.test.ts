/** `mayexec sbom`, over npm's own file and a log of a real program. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { command, preload } from '../support/built.js';
import type { Bom, Component } from '../../src/cli/sbom/components.js';
import { nodeBinary } from '../preload/versions.js';
import { mayexec, temporary, tree } from './run.js';

const manifest = (name: string, version: string, dependencies: object = {}): string =>
  JSON.stringify({ name, version, dependencies });

describe('a program that loads some of what is installed', () => {
  const root = temporary();
  const log = join(temporary(), 'log.jsonl');
  let bom = '';

  beforeAll(() => {
    tree(
      {
        'package.json': manifest('app', '1.0.0', { used: '1.0.0', idle: '1.0.0', '@s/p': '2.1.0' }),
        'main.cjs': "require('used'); require('@s/p');",
        'node_modules/used/package.json': manifest('used', '1.0.0', { twice: '1.0.0' }),
        'node_modules/used/index.js': "require('./more.js'); require('twice');",
        'node_modules/used/more.js': ['', 0o755],
        'node_modules/used/node_modules/twice/package.json': manifest('twice', '1.0.0'),
        'node_modules/used/node_modules/twice/index.js': '',
        'node_modules/twice/package.json': manifest('twice', '2.0.0'),
        'node_modules/twice/index.js': '',
        'node_modules/idle/package.json': manifest('idle', '1.0.0', { twice: '2.0.0' }),
        'node_modules/idle/index.js': '',
        'node_modules/@s/p/package.json': manifest('@s/p', '2.1.0'),
        'node_modules/@s/p/index.js': '',
      },
      root,
    );
    const made = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(made.stderr).toBe('');
    bom = made.stdout;
    const ran = spawnSync(nodeBinary(24), ['--require', preload, 'main.cjs'], {
      cwd: root,
      env: { ...process.env, MAYEXEC_AUDIT_LOG: log },
      encoding: 'utf8',
    });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
  });

  const said = (text: string): Record<string, string> => {
    const { components = [] } = JSON.parse(text) as Bom;
    const property = ({ properties = [] }: Component, name: string): string =>
      properties.find((one) => one.name === `mayexec:${name}`)?.value ?? 'none';
    return Object.fromEntries(
      components.map((component) => [
        `${component.group === undefined ? '' : `${component.group}/`}${component.name}@${component.version}`,
        ['loaded', 'files', 'not-allowed'].map((name) => property(component, name)).join(' '),
      ]),
    );
  };
  const expected = {
    'used@1.0.0': 'true 2 1',
    'twice@1.0.0': 'true 1 1',
    'twice@2.0.0': 'false 0 0',
    'idle@1.0.0': 'false 0 0',
    '@s/p@2.1.0': 'true 1 1',
  };

  test('each component says whether its code was loaded, and how many files', async () => {
    const file = join(temporary(), 'bom.json');
    writeFileSync(file, bom);
    const { status, stdout, stderr } = await mayexec(['sbom', file, '--from-audit', log]);
    expect(said(stdout)).toEqual(expected);
    expect(stderr).toContain('3 of 5 components had code loaded\n');
    expect(status).toBe(0);
  });

  test('everything else in the file stays, and a second run changes nothing', async () => {
    const folder = temporary();
    const [file, first, second] = ['bom', 'first', 'second'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(file, bom);
    await mayexec(['sbom', file, '--from-audit', log, '--out', first]);
    await mayexec(['sbom', first, '--from-audit', log, '--out', second]);
    expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
    const without = (text: string): unknown =>
      JSON.parse(text, (key, value: unknown) =>
        key === 'properties' && Array.isArray(value)
          ? (value as { name: string }[]).filter(({ name }) => !name.startsWith('mayexec:'))
          : value,
      );
    expect(without(readFileSync(first, 'utf8'))).toEqual(without(bom));
  });

  test('it comes from standard input, as npm writes it', () => {
    const { stdout, status } = spawnSync(process.execPath, [command, 'sbom', '--from-audit', log], {
      input: bom,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(said(stdout)).toEqual(expected);
  });

  test('a package that it does not list is named, with status 1', async () => {
    const file = join(temporary(), 'bom.json');
    const { components = [], ...rest } = JSON.parse(bom) as Bom;
    const fewer = components.filter(({ name }) => name !== 'used');
    writeFileSync(file, JSON.stringify({ ...rest, components: fewer }));
    const { status, stderr } = await mayexec(['sbom', file, '--from-audit', log]);
    expect(stderr).toContain(`used@1.0.0 in ${root}/node_modules/used belongs to no component`);
    expect(status).toBe(1);
  });

  test('logs without a record are no proof, with status 2', async () => {
    const empty = join(tree({ log: '' }), 'log');
    const file = join(tree({ 'sbom.json': bom }), 'sbom.json');
    const { status, stdout, stderr } = await mayexec(['sbom', file, '--from-audit', empty]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^mayexec: the logs have no record/);
  });

  test.each([
    ['the log has the version', (line: string) => line, {}],
    [
      'the name counts for each version where the log has none',
      (line: string) => line.replace(/,"package":"[^"]*"/, ''),
      { 'twice@2.0.0': 'true 1 1' },
    ],
  ])('on another host, where the code is not, %s', async (_name, change, more) => {
    const file = join(temporary(), 'bom.json');
    writeFileSync(file, bom);
    const elsewhere = join(temporary(), 'log.jsonl');
    const lines = readFileSync(log, 'utf8').replaceAll(root, '/srv/elsewhere').split('\n');
    writeFileSync(elsewhere, lines.map(change).join('\n'));
    const { stdout } = await mayexec(['sbom', file, '--from-audit', elsewhere]);
    expect(said(stdout)).toEqual({ ...expected, ...more });
  });

  test('lines that could not be read end with 2', async () => {
    const file = join(temporary(), 'bom.json');
    writeFileSync(file, bom);
    const torn = join(temporary(), 'log.jsonl');
    writeFileSync(torn, readFileSync(log));
    appendFileSync(torn, '{"time":"20');
    const { status, stderr } = await mayexec(['sbom', file, '--from-audit', torn]);
    expect(stderr).toContain('1 line of the logs could not be read');
    expect(status).toBe(2);
  });
});

test('a log cannot let it wait, or read without an end, where a package.json should be', () => {
  const root = tree({
    'bom.json': JSON.stringify({ bomFormat: 'CycloneDX', components: [{ name: 'x' }] }),
    'node_modules/x/a.js': '',
    'node_modules/y/a.js': '',
  });
  spawnSync('mkfifo', [join(root, 'node_modules/x/package.json')]);
  symlinkSync('/dev/zero', join(root, 'node_modules/y/package.json'));
  const log = join(root, 'log');
  for (const name of ['x', 'y']) {
    const path = join(root, `node_modules/${name}/a.js`);
    appendFileSync(log, `${JSON.stringify({ allowed: true, denied: false, path })}\n`);
  }
  const words = [command, 'sbom', join(root, 'bom.json'), '--from-audit', log];
  const { status, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toContain('1 of 1 component had code loaded');
  expect(stderr).toContain('y in ');
  expect(status).toBe(1);
});

describe('what is no CycloneDX file is refused with status 2:', () => {
  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['a list', '[]', 'bomFormat is missing'],
    ['an SPDX file', '{"spdxVersion":"SPDX-2.3"}', 'bomFormat is missing'],
    [
      'components that are no list',
      '{"bomFormat":"CycloneDX","components":{}}',
      'do not have the form',
    ],
    [
      'a component of null',
      '{"bomFormat":"CycloneDX","components":[null]}',
      'do not have the form',
    ],
    [
      'control characters',
      '\u001b[2K\u001b]0;x\u0007',
      "it is not JSON: Unexpected token '\\u{1b}'",
    ],
    [
      'components in components, too deeply',
      `{"bomFormat":"CycloneDX"${',"components":[{"name":"x"'.repeat(20_000)}${'}]'.repeat(20_000)}}`,
      'nested too deeply',
    ],
    [
      'another field that is nested too deeply',
      `{"bomFormat":"CycloneDX","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      'nested too deeply',
    ],
    [
      'a name that is a number',
      '{"bomFormat":"CycloneDX","components":[{"name":7}]}',
      'do not have the form',
    ],
  ])('%s', async (_, text, message) => {
    const file = join(temporary(), 'bom.json');
    writeFileSync(file, text);
    const out = join(temporary(), 'out.json');
    const { status, stderr } = await mayexec(['sbom', file, '--from-audit', file, '--out', out]);
    expect(stderr).toContain(`${file}: `);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(status).toBe(2);
  });

  test('both from standard input is an error of usage', async () => {
    const { status, stderr } = await mayexec(['sbom', '--from-audit', '-']);
    expect(stderr).toContain('standard input is either the CycloneDX file or a log');
    expect(status).toBe(2);
  });
});

describe('which component a package is:', () => {
  const record = (path: string, package_: string): string =>
    `${JSON.stringify({ allowed: true, denied: false, path, package: package_ })}\n`;
  const used = record('/srv/app/node_modules/@s/used/a.js', '@s/used@1.2.3');

  test.each<[name: string, component: Record<string, unknown>, isLoaded: boolean]>([
    ['a scope in the group', { group: '@s', name: 'used', version: '1.2.3' }, true],
    ['a scope in the name', { name: '@s/used', version: '1.2.3' }, true],
    ['a purl', { name: 'used', purl: 'pkg:npm/%40s/used@1.2.3' }, true],
    ['a purl with its scope as it is', { name: 'used', purl: 'pkg:npm/@s/used@1.2.3' }, true],
    [
      'a purl with qualifiers and a subpath',
      { name: 'x', purl: 'pkg:npm/%40s/used@1.2.3?vcs_url=git%2Bhttps://h/a@b#lib/a' },
      true,
    ],
    ['a purl without a version', { name: 'x', purl: 'pkg:npm/%40s/used' }, true],
    ['no version at all', { group: '@s', name: 'used' }, true],
    ['a purl with a broken escape', { name: 'x', purl: 'pkg:npm/%4/used@1.2.3' }, false],
    ['a purl of another version', { name: 'x', purl: 'pkg:npm/%40s/used@1.2.4' }, false],
    ['a purl of another scope', { name: 'used', purl: 'pkg:npm/%40t/used@1.2.3' }, false],
    [
      'another ecosystem with the same name',
      { group: '@s', name: 'used', version: '1.2.3', purl: 'pkg:maven/%40s/used@1.2.3' },
      false,
    ],
    ['another version', { group: '@s', name: 'used', version: '1.2.4' }, false],
  ])('%s', async (_name, component, isLoaded) => {
    const made = tree({
      log: used,
      'bom.json': JSON.stringify({ bomFormat: 'CycloneDX', components: [component] }),
    });
    const words = ['sbom', join(made, 'bom.json'), '--from-audit', join(made, 'log')];
    const { status, stdout } = await mayexec(words);
    const { components = [] } = JSON.parse(stdout) as Bom;
    expect(components[0]?.properties).toContainEqual({
      name: 'mayexec:loaded',
      value: String(isLoaded),
    });
    expect(status).toBe(isLoaded ? 0 : 1);
  });
});
