/**
 * Approved scripts whose first line starts a Node that has lost the preload, or that has an
 * option which acts before any preload. mayexec-run is given the command, or a program starts
 * it by child_process. `./program` in its folder is the Node that is tried, by another name.
 */
interface Row {
  /** The first line of a script, then that of a script whose interpreter it is, and so on. */
  readonly lines: readonly string[];
  /** SCRIPT is the last of them. */
  readonly command?: readonly [string, ...string[]];
  /** The folder and name of the scripts, where that matters. */
  readonly path?: string;
}

/** The kernel reads no more of a line than 255 bytes. */
const cutOff = (end: string): string =>
  `${'#!/usr/bin/env -S ./program'.padEnd(255 - end.length)}${end}X`;

const CLEARS = '#!/usr/bin/env -S -i ./program';

const rows: readonly Row[] = [
  { lines: ['#!./program --build-snapshot'] },
  { lines: ['#!/usr/bin/env -S ./program --build-snapshot dropped.cjs'] },
  { lines: ['#!/usr/bin/env -S ./program\\_--build-snapshot dropped.cjs'] },
  { lines: ['#!/usr/bin/env -S ./program\v--build-snapshot\vdropped.cjs'] },
  { lines: ['#!/usr/bin/env -S -i\v./program\vdropped.cjs'] },
  { lines: [CLEARS] },
  { lines: ['#!/usr/bin/env -S-i ./program'] },
  { lines: ['#!/usr/bin/env -iS ./program'] },
  { lines: ['#!/usr/bin/env -S env -i ./program'] },
  { lines: ['#!/usr/bin/env -S -u NODE_OPTIONS ./program dropped.cjs'] },
  { lines: ['#!/usr/bin/env -S NODE_OPTIONS= ./program'] },
  { lines: ['#!/usr/bin/env -S setpriv --reset-env ./program dropped.cjs'] },
  { lines: ['#! \t/usr/bin/env\t -S -i ./program dropped.cjs \t '] },
  { lines: ['#!/usr/bin/env -S -i ./program dropped.cjs\0 x'] },
  { lines: [cutOff('--build-snapshot')] },
  { lines: [CLEARS, '#!SCRIPT'] },
  { lines: [CLEARS, '#!SCRIPT', '#!SCRIPT', '#!SCRIPT'] },
  { lines: ['#!./program', '#!/usr/bin/env -S -i SCRIPT'] },
  { lines: [CLEARS], path: 'named/node' },
  { lines: [CLEARS], command: ['/usr/bin/env', 'SCRIPT'] },
  { lines: [CLEARS], command: ['/usr/bin/timeout', '9', 'SCRIPT'] },
  { lines: [CLEARS], command: ['/bin/sh', '-c', 'true; exec SCRIPT'] },
  { lines: [CLEARS, '#!SCRIPT'], command: ['/bin/sh', '-c', 'true; exec SCRIPT'] },
  { lines: ['#!./program'], command: ['/usr/bin/env', '-i', 'SCRIPT'] },
  { lines: ['#!/usr/bin/env ./program'], command: ['/usr/bin/env', '-i', 'SCRIPT'] },
  { lines: ['#!./program'], command: ['/bin/sh', '-c', 'NODE_OPTIONS= SCRIPT'] },
  { lines: ['#!./program', '#!SCRIPT'], command: ['/usr/bin/env', '-i', 'SCRIPT'] },
];

export interface FirstLine {
  readonly name: string;
  /** By their paths in the folder. They are approved. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly command: readonly [string, ...string[]];
}

export const firstLines = rows.map(({ lines, path, command = ['SCRIPT'] }, row): FirstLine => {
  const scripts: Record<string, string> = {};
  let script = '';
  for (const [level, line] of lines.entries()) {
    const file = path ?? `script-${row}-${level}`;
    scripts[file] = `${line.replaceAll('SCRIPT', script)}\nconsole.log('RAN');\n`;
    script = `./${file}`;
  }
  const [program, ...args] = command.map((word) => word.replaceAll('SCRIPT', script));
  return {
    name: `${JSON.stringify(lines)} by ${JSON.stringify(command)}`,
    scripts,
    command: [program ?? '', ...args],
  };
});
