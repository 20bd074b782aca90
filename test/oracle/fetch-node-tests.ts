import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** What tests read besides their own folder. */
const PARTS = ['test', 'lib', 'doc/api', 'benchmark', 'deps/*/package.json', 'tools/*', '*.md'];

/** The archive that the machine's apt uses. */
function archive(): string {
  const targets = execFileSync('apt-get', ['indextargets', '--format', '$(ORIGIN) $(REPO_URI)'], {
    encoding: 'utf8',
  });
  const found = targets.split('\n').find((line) => line.startsWith('Debian '));
  if (found === undefined) throw new Error('apt here knows no Debian archive');
  return found.slice('Debian '.length);
}

/** Apt with directories of its own: nothing is installed, and the machine's lists stay as they are. */
function apt(folder: string): (command: string, args: readonly string[]) => string {
  const home = join(folder, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'none']) {
    mkdirSync(join(home, part), { recursive: true });
  }
  writeFileSync(
    join(home, 'sources.list'),
    `deb-src [signed-by=${KEYRING}] ${archive()} sid main\n`,
  );
  const options = [
    `Dir::Etc::SourceList=${join(home, 'sources.list')}`,
    `Dir::Etc::SourceParts=${join(home, 'none')}`,
    `Dir::State::Lists=${join(home, 'lists')}`,
    `Dir::Cache=${join(home, 'cache')}`,
    // The folder belongs to the user, not to _apt.
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option]);
  return (command, args) =>
    execFileSync(command, [...options, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
}

/** Puts the tests of one line of Node into `folder`/sealed, each file with an x bit. */
export function fetchNodeTests(folder: string, line: string): void {
  const sealed = join(folder, 'sealed');
  if (existsSync(sealed)) return;
  mkdirSync(folder, { recursive: true });
  const isSource = (name: string): boolean => /^nodejs_.*[0-9]\.orig\.tar\.xz$/.test(name);
  if (!readdirSync(folder).some(isSource)) {
    const ask = apt(folder);
    ask('apt-get', ['-qq', 'update']);
    const versions = [...ask('apt-cache', ['showsrc', 'nodejs']).matchAll(/^Version: (.*)$/gm)];
    const wanted = versions
      .map(([, version = '']) => version)
      .find((v) => v.startsWith(`${line}.`));
    if (wanted === undefined) throw new Error(`Debian has no source of Node ${line}`);
    ask('apt-get', ['-qq', '--download-only', '--tar-only', 'source', `nodejs=${wanted}`]);
  }
  const tarball = readdirSync(folder).find(isSource);
  if (tarball === undefined) throw new Error(`no source of Node came into ${folder}`);
  mkdirSync(sealed);
  const patterns = PARTS.map((part) => `*/${part}`);
  execFileSync('tar', [
    'xf',
    join(folder, tarball),
    '-C',
    sealed,
    '--strip-components=1',
    '--wildcards',
    ...patterns,
  ]);
  execFileSync('chmod', ['-R', 'a+rx', sealed]);
}
