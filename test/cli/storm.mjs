// Rearranges a tree without pause: directories and files turn into symbolic and
// hard links to what lies outside, and back. node storm.mjs ROOT OUTSIDE
import { linkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [, , root, outside] = process.argv;

function attempt(step) {
  try {
    step();
  } catch {
    // The next round puts it right.
  }
}

process.stdout.write('started\n');
for (let i = 0; ; i++) {
  const directory = `${root}/d${i % 8}`;
  const sub = `${directory}/sub`;
  const file = `${sub}/f${i % 40}.js`;
  const there = `${outside}/d${i % 8}`;

  attempt(() => renameSync(directory, `${root}/away${i % 8}`));
  attempt(() => symlinkSync(there, directory));
  attempt(() => unlinkSync(directory));
  attempt(() => renameSync(`${root}/away${i % 8}`, directory));

  attempt(() => renameSync(sub, `${directory}/away`));
  attempt(() => symlinkSync(`${there}/sub`, sub));
  attempt(() => unlinkSync(sub));
  attempt(() => renameSync(`${directory}/away`, sub));

  attempt(() => renameSync(file, `${file}.away`));
  attempt(() => symlinkSync(`${there}/sub/f${i % 40}.js`, file));
  attempt(() => unlinkSync(file));
  attempt(() => linkSync(`${there}/sub/f${i % 40}.js`, file));
  attempt(() => unlinkSync(file));
  attempt(() => renameSync(`${file}.away`, file));
}
