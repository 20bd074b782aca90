import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const PORT = 4875;
const here = join(import.meta.dirname, 'next');

/** Starts a server, asks it to use the package, and ends it. Resolves to what it said. */
async function answer(folder, program, ...words) {
  const server = spawn(process.execPath, [join(folder, program), ...words], {
    cwd: folder,
    env: { ...process.env, PORT: `${PORT}`, HOSTNAME: '127.0.0.1', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((done) => server.on('exit', done));
  const url = new URL(`http://127.0.0.1:${PORT}/use`);
  for (const name of ['allowed', 'refused']) url.searchParams.set(name, join(folder, name));
  try {
    for (;;) {
      const response = await fetch(url).catch(() => undefined);
      if (response !== undefined) return await response.text();
      if (server.exitCode !== null) throw new Error(`${program}: status ${server.exitCode}`);
      await setTimeout(200);
    }
  } finally {
    server.kill();
    await ended;
  }
}

function withNext(folder, config) {
  cpSync(join(here, 'app'), join(folder, 'app'), { recursive: true });
  // Next follows no link that leads out of the project. What npm has installed there stays.
  cpSync(join(here, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'next.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  const words = [join(folder, 'node_modules/next/dist/bin/next'), 'build'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  const said = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`next build: status ${status}\n${said}`);
  const warning = /^.*warn.*mayexec.*$/im.exec(said);
  if (warning !== null) throw new Error(warning[0]);
}

const started = (config) => async (folder) => {
  withNext(folder, config);
  return await answer(folder, 'node_modules/next/dist/bin/next', 'start');
};

/** What the build has put together is all that there is. */
const standalone = (config) => async (folder) => {
  withNext(folder, { ...config, output: 'standalone' });
  const alone = `${folder}-alone`;
  renameSync(join(folder, '.next/standalone'), alone);
  for (const name of ['allowed', 'refused']) cpSync(join(folder, name), join(alone, name));
  rmSync(folder, { recursive: true });
  const program = ['server.js', `${folder.split('/').at(-1)}/server.js`].find((name) =>
    existsSync(join(alone, name)),
  );
  return await answer(alone, program);
};

const external = { serverExternalPackages: ['mayexec'] };

/** Each: builds an application that uses the package, and resolves to what it says. */
export const FRAMEWORKS = [
  { name: 'Next', build: started({}) },
  { name: 'Next, serverExternalPackages', build: started(external) },
  { name: 'Next, standalone', build: standalone({}) },
  { name: 'Next, standalone and external', build: standalone(external) },
];
