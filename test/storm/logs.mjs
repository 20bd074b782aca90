// Eight processes write one audit log while it is rotated. Each line must be whole. A verdict may
// be missing only when a notice counts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('writer.mjs', import.meta.url));
const WRITERS = 8;
const EVERY_MS = 40;

export async function storm(folder, seconds) {
  const log = join(folder, 'log');
  const file = join(folder, 'file');
  fs.writeFileSync(file, 'text', { mode: 0o755 });
  const writers = Array.from({ length: WRITERS }, () => {
    const child = spawn(process.execPath, [program, log, file, String(seconds)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
  });
  let rotations = 0;
  const rotate = () => {
    if (fs.existsSync(log)) fs.renameSync(log, `${log}.${rotations++}`);
  };
  let writing = true;
  const rotating = (async () => {
    while (writing) {
      rotate();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  for (const { lines } of writers) await lines.next();
  writing = false;
  await rotating;
  const ends = [];
  for (const { child, lines } of writers) {
    rotate(); // so that there is room for the notice
    child.stdin.write('\n');
    ends.push(JSON.parse((await lines.next()).value));
    if (child.exitCode === null) await once(child, 'exit');
  }

  const wrong = [];
  const told = new Map();
  let written = 0;
  for (const name of fs.readdirSync(folder).filter((each) => each.startsWith('log'))) {
    const text = fs.readFileSync(join(folder, name), 'utf8');
    if (text !== '' && !text.endsWith('\n')) wrong.push(`${name} ends in half a line`);
    for (const line of text.split('\n').slice(0, -1)) {
      try {
        const { pid, dropped, path } = JSON.parse(line);
        if (dropped === undefined) written++;
        else told.set(pid, (told.get(pid) ?? 0) + dropped);
        if (dropped === undefined && path !== file) wrong.push(`a line about ${path}`);
      } catch {
        wrong.push(`a line that is not whole: ${line.slice(0, 200)}`);
      }
    }
  }
  const sum = ends.reduce((all, { written: each }) => all + each, 0);
  if (sum !== written) wrong.push(`${sum} lines were written, and ${written} are there`);
  for (const { pid, dropped, last } of ends)
    if ((told.get(pid) ?? 0) !== dropped)
      wrong.push(`${pid} dropped ${dropped}, and told of ${told.get(pid) ?? 0}: ${last}`);
  const dropped = ends.reduce((all, each) => all + each.dropped, 0);
  return { counts: { rotations, written, dropped }, wrong: wrong.slice(0, 10) };
}
