import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import ncc from '@vercel/ncc';
import { build as esbuild } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';

import { newerNode } from './newer-node.mjs';

function noWarnings(messages) {
  const ours = messages.map(String).filter((text) => text.includes('mayexec'));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}

const withEsbuild = (extension, options) => async (folder) => {
  const outfile = join(folder, `out/bundle.${extension}`);
  const entryPoints = [join(folder, 'use.mjs')];
  const { warnings } = await esbuild({
    ...{ entryPoints, outfile, bundle: true, platform: 'node', logLevel: 'silent' },
    ...options,
  });
  noWarnings(warnings.map(({ text, location }) => `${location?.file}: ${text}`));
  return outfile;
};

/** Each bundler: makes a bundle of use.mjs and resolves to its path. */
export const BUNDLERS = [
  { name: 'esbuild, CommonJS', bundle: withEsbuild('cjs', { format: 'cjs' }) },
  { name: 'esbuild, minified', bundle: withEsbuild('cjs', { format: 'cjs', minify: true }) },
  {
    name: 'esbuild, ES modules',
    bundle: withEsbuild('mjs', {
      format: 'esm',
      // esbuild's own advice for CommonJS in ES modules.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    }),
  },
  {
    name: 'rollup',
    async bundle(folder) {
      const warnings = [];
      const made = await rollup({
        input: join(folder, 'use.mjs'),
        external: /^node:/,
        plugins: [resolve({ preferBuiltins: true }), commonjs()],
        onwarn: ({ message }) => warnings.push(message),
      });
      noWarnings(warnings);
      const file = join(folder, 'out/bundle.mjs');
      await made.write({ file, format: 'es', inlineDynamicImports: true });
      return file;
    },
  },
  {
    name: 'rolldown',
    async bundle(folder) {
      const warnings = [];
      const made = await rolldown({
        ...{ input: join(folder, 'use.mjs'), platform: 'node' },
        onwarn: ({ message }) => warnings.push(message),
      });
      noWarnings(warnings);
      const file = join(folder, 'out/bundle.mjs');
      await made.write({ file, format: 'esm', codeSplitting: false });
      return file;
    },
  },
  {
    name: 'Bun, for Node',
    async bundle(folder) {
      const bun = join(import.meta.dirname, 'node_modules/@oven/bun-linux-x64/bin/bun');
      const words = ['build', 'use.mjs', '--target=node', '--outdir=out'];
      execFileSync(bun, words, { cwd: folder, stdio: 'pipe' });
      return join(folder, 'out/use.js');
    },
  },
  {
    name: 'webpack',
    async bundle(folder) {
      const output = { path: join(folder, 'out'), filename: 'bundle.cjs' };
      const entry = join(folder, 'use.mjs');
      const config = { mode: 'production', target: 'node', context: folder, entry, output };
      const stats = await new Promise((done, failed) =>
        webpack(config, (error, result) => (error ? failed(error) : done(result))),
      );
      const { errors, warnings } = stats.toJson();
      noWarnings([...errors, ...warnings].map(({ message }) => `mayexec: ${message}`));
      return join(folder, 'out/bundle.cjs');
    },
  },
  {
    name: 'vite, ssr, noExternal',
    async bundle(folder) {
      await vite({
        ...{ root: folder, logLevel: 'silent', ssr: { noExternal: true } },
        build: { ssr: 'use.mjs', outDir: 'out' },
      });
      return join(folder, 'out/use.js');
    },
  },
  {
    name: 'ncc',
    async bundle(folder) {
      const { code, assets } = await ncc(join(folder, 'use.mjs'), { cache: false, quiet: true });
      const out = join(folder, 'out');
      mkdirSync(out);
      writeFileSync(join(out, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(out, 'index.js'), code);
      for (const [name, { source }] of Object.entries(assets)) {
        const file = join(out, name);
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(file, source);
      }
      return join(out, 'index.js');
    },
  },
  {
    name: 'a single executable',
    executable: true,
    async bundle(folder) {
      const main = await withEsbuild('cjs', { format: 'cjs' })(folder);
      const [blob, config, file] = ['main.blob', 'sea.json', 'program'].map((name) =>
        join(folder, 'out', name),
      );
      const settings = { main, output: blob, disableExperimentalSEAWarning: true };
      writeFileSync(config, JSON.stringify(settings));
      execFileSync(newerNode, ['--experimental-sea-config', config], { stdio: 'pipe' });
      copyFileSync(newerNode, file);
      chmodSync(file, 0o755);
      const postject = createRequire(join(import.meta.dirname, '../../package.json')).resolve(
        'postject/dist/cli.js',
      );
      const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
      const words = [postject, file, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse];
      execFileSync(process.execPath, words, { stdio: 'pipe' });
      return file;
    },
  },
];
