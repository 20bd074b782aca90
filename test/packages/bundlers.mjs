import { join } from 'node:path';

import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';

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
];
