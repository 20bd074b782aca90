import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { formatManifest } from '../../src/cli/manifest/format.js';
import { toPath } from '../../src/cli/tree/path.js';

/*
 * The logs of a fleet that rolls out the policy. The same numbers give the same bytes.
 */

export const ROOT = '/srv/app/';
export const TODAY = '2026-03-08';
const DAYS = 8;
const PACKAGES = 60;
const FILES = 6;
/** On this day a new version is deployed. */
const UPGRADE_DAY = 5;
const UPGRADED = 7;

type Fields = Record<string, unknown>;

interface CodeFile {
  readonly path: string;
  readonly package: string;
  readonly sha256: string;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const dayName = (day: number): string => `2026-03-0${day + 1}`;
const hostName = (host: number): string => `web-${String(host).padStart(3, '0')}`;

/** The code of the application, before or after the upgrade. */
function codeOf(isNew: boolean): CodeFile[] {
  const files = [
    { path: 'server.js', package: 'app@1.4.0', sha256: hash('server') },
    { path: 'lib/größe "1".js', package: 'app@1.4.0', sha256: hash('lib') },
  ];
  for (let p = 0; p < PACKAGES; p += 1) {
    const version = isNew && p === UPGRADED ? '2.1.0' : '2.0.0';
    for (let f = 0; f < FILES; f += 1) {
      files.push({
        path: `node_modules/dep-${p}/lib/${f}.js`,
        package: `dep-${p}@${version}`,
        sha256: hash(`${p} ${f} ${version}`),
      });
    }
  }
  return files;
}

const fine = { allowed: true, binding: false, denied: false, wouldDeny: false };
const would = { allowed: false, binding: false, denied: false, wouldDeny: true };
const mode = { ...would, errno: 'EACCES', reason: 'mode' };

/** What goes wrong on a host on a day: how a file's record differs. */
function verdictOf(host: number, day: number, file: CodeFile): Fields {
  const owner = file.package.split('@')[0];
  if (host >= 200 && host < 250 && day === 0) return mode;
  if (host >= 250 && host < 300 && day < 3) return mode;
  if (host >= 300 && host < 350 && owner === 'dep-3') return mode;
  if (host >= 350 && host < 380 && owner === 'dep-9' && day < DAYS - 1) {
    return { ...would, errno: 'EACCES', reason: 'noexec-mount' };
  }
  if (host >= 380 && host < 390 && owner === 'dep-11' && day === DAYS - 1) return mode;
  if (host >= 390 && host < 395) {
    return { ...would, binding: true, denied: true, errno: 'EPERM', reason: 'security-module' };
  }
  return fine;
}

/** Records that only some hosts have, each of another kind. */
function extras(host: number, day: number): Fields[] {
  const file = (path: string, sha256: string | undefined, rest: Fields = fine): Fields => ({
    ...load(path, undefined, sha256),
    ...rest,
  });
  const gate = (origin: string, rest: Fields): Fields => ({
    operation: 'gate',
    origin,
    ...would,
    mechanism: 'none',
    errno: 'EACCES',
    ...rest,
  });
  const all: Record<number, Fields> = {
    400: file(`${ROOT}node_modules/dep-1/lib/0.js`, hash('patched by hand')),
    401: file(`${ROOT}uploads/x.js`, hash('uploaded'), mode),
    402: file('/tmp/x.js', hash('in /tmp'), mode),
    403: gate('eval', { gate: 'eval', why: 'eval makes code of what is no checked file' }),
    404: gate('option', { operation: 'option', option: '--loader', why: 'the option is refused' }),
    405: gate('', { operation: 'environment', origin: undefined, variable: 'LD_PRELOAD' }),
    406: {
      ...fine,
      operation: 'checkInteractive',
      origin: 'worker-eval',
      sha256: hash('1'),
      wouldDeny: true,
      mechanism: 'at_execve_check',
    },
    407: { ...file(`${ROOT}package.json`, hash('{}'), mode), wouldDeny: false },
    408: file(`${ROOT}copy-of-server.js`, hash('server')),
    409: file(`${ROOT}big.js`, undefined),
    410: file(`${ROOT}plugins/a.js`, hash('plugin')),
    411: file(`${ROOT}plugins/a.js`, hash('plugin')),
    412: file(`${ROOT}plugins/b.js`, hash('one')),
    413: file(`${ROOT}plugins/b.js`, hash('other')),
    414: file(`${ROOT}lib/\ufffd.js`, hash('latin1')),
    415: file(`${ROOT}lib/\ufffd.js`, hash('latin1')),
    416: { dropped: 12 },
    417: { ...fine, operation: 'load', time: `2099-01-01T00:00:00.000Z`, path: '/tmp/later.js' },
    418: file(`${ROOT}server.js`, hash('server'), {
      allowed: null,
      binding: false,
      denied: false,
      wouldDeny: true,
      mechanism: 'none',
      errno: 'ENOSYS',
    }),
    419: file(`${ROOT}server.js`, hash('server'), { ...fine, mechanism: 'emulated' }),
    420: { ...file(`${ROOT}server.js`, hash('server')), host: 'web-001' },
    421: { ...file(`${ROOT}server.js`, hash('server'), mode), wouldDeny: undefined },
    422: { ...file(`${ROOT}server.js`, hash('server')), container: hash('container') },
  };
  const found = all[host];
  return found === undefined || (host < 410 && day < 2) ? [] : [found];
}

/** Text that is no record. */
function tornOf(host: number, day: number): string[] {
  if (day !== 4) return [];
  return (
    {
      430: ['{"time":"2026-03-05T08:00:00.000Z","pid":12'],
      431: ['not JSON', '[1]', '"text"', '{}{}'],
      432: ['{"time":"2026-03-05T08:00:00.000Z","pid":1,"denied":"perhaps","allowed":true}'],
      433: ['{"time":"2026-03-05T08:00:00.000Z","denied":true,"allowed":false,"why":"\\ud800"}'],
      434: ['', ''],
    }[host] ?? []
  );
}

function load(path: string, owner: string | undefined, sha256: string | undefined): Fields {
  return {
    operation: 'load',
    origin: 'require',
    path,
    dev: '65024',
    ino: String(path.length * 1000 + path.charCodeAt(path.length - 4)),
    package: owner,
    sha256,
    mechanism: 'at_execve_check',
    importer: `${ROOT}server.js`,
  };
}

function dayOf(host: number, day: number, count: number, code: readonly CodeFile[]): string {
  const lines: string[] = [];
  const add = (fields: Fields): void => {
    const second = String(lines.length % 60).padStart(2, '0');
    const minute = String(Math.floor(lines.length / 60) % 60).padStart(2, '0');
    lines.push(
      JSON.stringify({
        time: `${dayName(day)}T08:${minute}:${second}.000Z`,
        pid: 1000 + day,
        host: hostName(host),
        uid: 998,
        program: `${ROOT}server.js`,
        ...fields,
      }),
    );
  };
  for (let i = 0; i < count; i += 1) {
    const file = code[(i + host + day * count) % code.length];
    if (file === undefined) continue;
    const record = load(ROOT + file.path, file.package, file.sha256);
    add({ ...record, ...verdictOf(host, day, file) });
  }
  for (const fields of extras(host, day)) add(fields);
  lines.push(...tornOf(host, day));
  return `${lines.join('\n')}\n`;
}

/** Whether a host is there on a day: some stop, some come later. */
function isThere(host: number, day: number): boolean {
  if (host >= 440 && host < 445) return day < 5;
  if (host >= 445 && host < 450) return day < DAYS - 1;
  if (host >= 450 && host < 455) return day >= 4;
  return host < 455 || host >= 460 || day === DAYS - 1;
}

/** Writes DIR/logs/HOST/DAY.jsonl, a part of them as .gz, and the manifest of today's version. */
export function writeFleet(directory: string, hosts: number, count: number): void {
  const before = codeOf(false);
  const after = codeOf(true);
  for (let host = 0; host < hosts; host += 1) {
    const folder = join(directory, 'logs', hostName(host));
    mkdirSync(folder, { recursive: true });
    for (let day = 0; day < DAYS; day += 1) {
      if (!isThere(host, day)) continue;
      const text = dayOf(host, day, count, day < UPGRADE_DAY ? before : after);
      const isOld = day === 0 && host % 10 === 0;
      const name = join(folder, `${dayName(day)}.jsonl${isOld ? '.gz' : ''}`);
      writeFileSync(name, isOld ? gzipSync(text) : text);
    }
  }
  const files = after
    .filter((file) => file.package !== `dep-${PACKAGES - 1}@2.0.0`)
    .map((file) => ({ ...file, path: toPath(file.path), executable: false }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  writeFileSync(join(directory, 'app.mayexec.json'), formatManifest({ extensions: [], files }));
}
