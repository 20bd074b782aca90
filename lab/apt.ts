/**
 * Packages of Debian suites that the machine does not run, unpacked and never
 * installed. They come from the archive that the machine's own apt uses.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache.js';
import { must, run, tail } from './exec.js';
import type { Package } from './recipes.js';

export interface Version {
  package: string;
  suite: string;
  version: string;
}

/** Docker's images switch off these files, without which every question takes seconds. */
const index = ['pkgcache', 'srcpkgcache'].flatMap((name) => [
  '-o',
  `Dir::Cache::${name}=${name}.bin`,
]);

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The machine's Debian archive, wherever its sources say that is. */
async function archive(): Promise<string> {
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const targets = await must([
    'apt-get',
    'indextargets',
    '--format',
    '$(RELEASE) $(CODENAME) $(REPO_URI)',
    'Created-By: Packages',
    'Component: main',
  ]);
  for (const line of targets.split('\n')) {
    const words = line.split(' ');
    const uri = words.pop();
    if (uri !== undefined && codename !== undefined && words.includes(codename)) return uri;
  }
  throw new Error('the lab takes kernels from the Debian archive, and apt here has no such source');
}

/** An apt of its own for one suite: lists, sources, downloads. */
async function client(
  suite: string,
): Promise<{ env: NodeJS.ProcessEnv; update: () => Promise<void> }> {
  const home = join(cacheDirectory, 'apt', suite);
  const config = join(home, 'apt.conf');
  const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C' };
  if (!existsSync(config)) {
    for (const part of ['lists/partial', 'cache/archives/partial', 'none']) {
      mkdirSync(join(home, part), { recursive: true });
    }
    const signed = existsSync(keyring) ? `Signed-By: ${keyring}\n` : '';
    writeFileSync(
      join(home, 'suite.sources'),
      `Types: deb\nURIs: ${await archive()}\nSuites: ${suite}\nComponents: main\n${signed}`,
    );
    writeFileSync(join(home, 'status'), '');
    writeFileSync(
      config,
      [
        ['Dir::Etc::SourceList', join(home, 'suite.sources')],
        ['Dir::Etc::SourceParts', join(home, 'none')],
        ['Dir::Etc::PreferencesParts', join(home, 'none')],
        ['Dir::State::Lists', join(home, 'lists')],
        ['Dir::State::Status', join(home, 'status')],
        ['Dir::Cache', join(home, 'cache')],
        ['Acquire::Languages', 'none'],
        // The cache belongs to the user who runs the lab, not to _apt.
        ['APT::Sandbox::User', ''],
      ]
        .map(([key, value]) => `${key} ${JSON.stringify(value)};\n`)
        .join(''),
    );
  }
  return {
    env,
    update: async () => {
      await must(['apt-get', 'update', '--error-on=any'], { env });
    },
  };
}

async function offered(suite: string, name: string, fresh: boolean): Promise<Version[]> {
  const { env, update } = await client(suite);
  if (fresh) await update();
  const table = await must(['apt-cache', ...index, 'madison', name], { env });
  return table
    .split('\n')
    .map((line) => line.split('|')[1]?.trim())
    .filter((version) => version !== undefined)
    .map((version) => ({ package: name, suite, version }));
}

/**
 * The version of a package that the lab uses. The archive is asked again only
 * when the lists of the last time have none, so a version stays until then.
 */
export async function resolve(wanted: Package, fresh = false): Promise<Version> {
  for (const again of fresh ? [true] : [false, true]) {
    for (const suite of wanted.suites) {
      const versions = await offered(suite, wanted.name, again);
      const found = versions.find(({ version }) => wanted.version.test(version));
      if (found) return found;
    }
  }
  throw new Error(`no ${wanted.name} ${wanted.version.source} in ${wanted.suites.join(', ')}`);
}

/** The names of the packages that this one depends on. */
export async function dependencies({ package: name, version, suite }: Version): Promise<string[]> {
  const { env } = await client(suite);
  const shown = await must(['apt-cache', ...index, 'depends', `${name}=${version}`], { env });
  return [...shown.matchAll(/^ +Depends: (\S+)$/gm)].map(([, found = '']) => found);
}

/** Downloads a package into `directory` and unpacks it there. */
export async function unpack(version: Version, directory: string): Promise<void> {
  const { env } = await client(version.suite);
  mkdirSync(directory, { recursive: true });
  const wanted = `${version.package}=${version.version}`;
  const download = await run(['apt-get', 'download', wanted], { env, cwd: directory });
  if (download.status !== 0) {
    throw new Error(
      `apt-get download ${wanted}: status ${download.status}; --update takes what is newer\n` +
        tail(download.output),
    );
  }
  const file = readdirSync(directory).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get downloaded no ${version.package}`);
  await must(['dpkg', '-x', file, '.'], { cwd: directory });
  await must(['rm', file], { cwd: directory });
}
