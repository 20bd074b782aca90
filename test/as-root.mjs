/**
 * Runs a command as root. The tests change users, set securebits and mount file systems. So a user
 * who is not root is made root of a user namespace: there only some tests cannot run, and the last
 * lines name them.
 *
 * usage: node test/as-root.mjs COMMAND [ARGUMENT...]
 */
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';

/** The ids that /etc/subuid gives to this user are the namespace's other users. */
const namespace = ['unshare', '--user', '--map-root-user', '--map-auto', '--'];

/** What `npm test` ends with: the status of the command, or that of a shell for a signal. */
function run([command, ...args], options) {
  const { status, signal, error } = spawnSync(command, args, options);
  if (error !== undefined) throw error;
  return status ?? 128 + constants.signals[signal];
}

const command = process.argv.slice(2);
if (process.getuid() === 0) {
  process.exitCode = run(command, { stdio: 'inherit' });
} else if (run([...namespace, 'true'], { stdio: 'ignore' }) === 0) {
  const env = { ...process.env, MAYEXEC_KERNEL: 'user-namespace' };
  process.exitCode = run([...namespace, ...command], { stdio: 'inherit', env });
} else {
  console.error(
    'The tests need root, or a user namespace with other users in it.\n' +
      'For the second: apt-get install uidmap, and a line for this user in /etc/subuid and /etc/subgid.',
  );
  process.exitCode = 1;
}
