/*
 * Makes dist/bytecode/: what V8 has compiled of the preload when a small program has ended, for
 * each Node that package-lock.json names. register.ts uses what is for the V8 that runs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Those that have module.registerHooks. */
const MAJORS = [22, 24, 26];

/** So that the same text always gives the same bytes. */
const SEEDS = ['--hash-seed=1', '--random-seed=1'];

/** Loads files and modules of a code image, by both of Node's loaders. */
const PROGRAM = ['', 'imaged/']
  .map((folder) => `require('./${folder}module.cjs'); import('./${folder}module.mjs');`)
  .join('\n');

/** A restriction installs more, and a process with securebits has no other bytecode. */
const ENFORCED = { MAYEXEC_ENFORCE: '1' };

/** Where bytecode has the hash of V8's flags, which the seeds are among. */
const FLAGS = { start: 12, end: 16 };

/** Runs as a preload. `place` says where the preload's own text is in the file. */
function record(file, { start, end }, folder) {
  const { readFileSync, writeFileSync } = require('node:fs');
  const { dirname } = require('node:path');
  const { Script } = require('node:vm');
  const text = readFileSync(file, 'latin1').slice(start, end);
  const script = new Script(text, { filename: '/register.cjs' });
  process.on('exit', () => {
    writeFileSync(`${folder}/bytecode`, script.createCachedData());
  });
  const own = { exports: {} };
  // As most starts are, so that the bytecode has no table that only other options need.
  process.execArgv = [];
  process.env.NODE_OPTIONS = `--require=${JSON.stringify(__filename)}`;
  // The preload has to find that it came first.
  script.runInThisContext()(own.exports, require, own, __filename, dirname(file));
  own.exports.preload();
}

/** Prints the name for this V8, and the hash of its flags, as they are and under --strict. */
function describe({ start, end }) {
  const { setFlagsFromString } = require('node:v8');
  const { Script } = require('node:vm');
  const hash = () => new Script('').createCachedData().toString('hex', start, end);
  const usual = hash();
  setFlagsFromString('--disallow-code-generation-from-strings');
  const name = `${process.versions.v8}-${process.arch}`;
  console.log(JSON.stringify({ name, usual, strict: hash() }));
}

const call = (what, ...words) => `(${String(what)})(${words.map((x) => JSON.stringify(x)).join()})`;

/** Throws what a Node that fails throws. */
export function makeBytecode(file, place, out) {
  mkdirSync(out);
  const folder = mkdtempSync(join(tmpdir(), 'mayexec-bytecode-'));
  const write = (name, text) => {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
    return join(folder, name);
  };
  try {
    const recorder = write('register.cjs', call(record, file, place, folder));
    const describer = write('describe.cjs', call(describe, FLAGS));
    mkdirSync(join(folder, 'imaged'));
    write('imaged/package.json', '{}');
    for (const name of ['module', 'imaged/module']) {
      write(`${name}.cjs`, '');
      write(`${name}.mjs`, '');
    }
    const program = write('program.cjs', PROGRAM);
    const image = join(folder, 'image');
    for (const major of MAJORS) {
      const node = join(import.meta.dirname, `node_modules/node-${major}/bin/node`);
      if (!existsSync(node)) continue;
      const recording = [...SEEDS, '--require', recorder, program];
      const cli = join(dirname(file), 'cli.cjs');
      try {
        const imaging = [...SEEDS, cli, 'image', join(folder, 'imaged'), '--out', image];
        execFileSync(node, imaging, { env: {}, stdio: 'ignore' });
        execFileSync(node, recording, { env: { ...ENFORCED, MAYEXEC_IMAGE: image } });
      } catch {
        // A kernel without checks can enforce nothing, and those functions stay without bytecode.
        execFileSync(node, recording, { env: {} });
      }
      const described = execFileSync(node, [describer], { env: {}, encoding: 'utf8' });
      const { name, usual, strict } = JSON.parse(described);
      const bytecode = readFileSync(join(folder, 'bytecode'));
      bytecode.write(usual, FLAGS.start, 'hex');
      const behind = Buffer.from(strict + place.sha256, 'hex');
      writeFileSync(join(out, name), Buffer.concat([bytecode, behind]));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
