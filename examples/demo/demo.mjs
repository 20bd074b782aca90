// mayexec on this machine, in one screen. Leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExecDeniedError, openMayExecSync, probe } from 'mayexec';

const title = (text) => console.log(`\n${text}`);
const show = (label, value) => console.log(`  ${label.padEnd(18)} ${value}`);

function run(script) {
  try {
    const file = openMayExecSync(script, { enforce: true });
    try {
      show('verdict', JSON.stringify(file.verdict));
      new Function('console', file.textSync().replace(/^#!.*/, ''))({
        log: (text) => show('the script says', text),
      });
    } finally {
      file.closeSync();
    }
  } catch (error) {
    if (!(error instanceof ExecDeniedError)) throw error;
    show('refused', error.verdict.reason);
    show('', error.message);
  }
}

// The second process, in a mount namespace of its own.
if (process.argv[2] === '--on-noexec-mount') {
  run(process.argv[3]);
  process.exit();
}

const { kernel, execveCheck, openat2, oMayExec, mechanism, addon } = probe();
title('What this machine can do');
show('kernel', kernel);
show('addon', addon.message ?? addon.status);
show('openat2', openat2.status);
show('AT_EXECVE_CHECK', execveCheck.status);
show('O_MAYEXEC', oMayExec.status);
show('mechanism', mechanism);
if (mechanism === 'none') {
  console.log('\nNothing here can be asked: AT_EXECVE_CHECK is in Linux from 6.14 on.');
  process.exit(addon.status === 'supported' ? 0 : 1);
}

const dir = mkdtempSync(join(tmpdir(), 'mayexec-demo-'));
try {
  const script = join(dir, 'hello.js');
  writeFileSync(script, "#!/usr/bin/env node\nconsole.log('hello from a checked file');\n");

  title('An executable script (mode 0755)');
  chmodSync(script, 0o755);
  run(script);

  title('The same script without an x bit (mode 0644)');
  chmodSync(script, 0o644);
  run(script);

  title('The same script, executable, on a noexec mount');
  chmodSync(script, 0o755);
  const mount = join(dir, 'noexec');
  mkdirSync(mount);
  copyFileSync(script, join(dir, 'copy.js'));
  const inside =
    'mount -t tmpfs -o noexec none "$1" && cp -p "$2" "$1" && exec "$3" "$4" --on-noexec-mount "$1/copy.js"';
  const user = process.geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const { status, stdout } = spawnSync(
    'unshare',
    [
      ...user,
      '--mount',
      'sh',
      '-c',
      inside,
      'sh',
      mount,
      join(dir, 'copy.js'),
      process.execPath,
      fileURLToPath(import.meta.url),
    ],
    { encoding: 'utf8' },
  );
  if (status === 0) process.stdout.write(stdout);
  else show('not shown', 'this machine allows no mount here');
} finally {
  rmSync(dir, { recursive: true, force: true });
}
console.log();
