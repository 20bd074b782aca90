// Asks about a script inside and one outside, before and after one copy of the
// package has restricted execution to what is inside. Another copy is asked.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

const [way, dir, ours, theirs] = process.argv.slice(2);
const [one, other] = await Promise.all([import(ours), import(theirs)]);
const paths = ['inside', 'outside'].map((name) => `${dir}/${name}/script.cjs`);
const require = createRequire(import.meta.url);

async function ask(asked, how, path) {
  const fd = openSync(path);
  try {
    if (how === 'require') {
      delete require.cache[path];
      require(path);
      return 'allowed';
    }
    const result = await asked[how](how.startsWith('check') ? fd : path, { enforce: true });
    result.closeSync?.();
    return result.reason ?? 'allowed';
  } catch (error) {
    return (how === 'require' ? undefined : error.verdict?.reason) ?? error.code;
  } finally {
    closeSync(fd);
  }
}

async function askAll(asked, how) {
  const answers = [];
  for (const path of paths) answers.push(await ask(asked, how, path));
  return answers;
}

// The preload makes checks on its own thread until another addon is loaded; `other` is one.
const how = way === 'no-threads' ? 'checkExec' : way;
const before = await askAll(other, how);
let after;
if (way === 'no-threads') {
  await askAll(one, how);
  spawnSync('prlimit', ['--pid', String(process.pid), '--nproc=1:1']);
  one.restrictExec({ allow: [`${dir}/inside`] });
  after = [];
  for (const asked of [one, other])
    for (const form of ['checkExec', 'checkExecSync']) after.push(...(await askAll(asked, form)));
} else {
  one.restrictExec({ allow: [`${dir}/inside`, '/usr', '/lib', '/lib64'] });
  after = await askAll(other, how);
}
console.log(JSON.stringify({ before, after }));
