// swap.mjs ROOT: puts one thing after another in the place of ROOT/code and ROOT/sub, until it
// is killed. Each thing has a name of its own in ROOT/things, which keeps its inode.
import { linkSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [, , root] = process.argv;
const things = readdirSync(join(root, 'things')).map((name) => join(root, 'things', name));
const folders = readdirSync(join(root, 'folders')).map((name) => join(root, 'folders', name));
const spare = join(root, 'spare');
console.log('begun');
for (let i = 0; ; i++) {
  // A link and a rename replace the name at once: it is never missing.
  linkSync(things[i % things.length], spare);
  renameSync(spare, join(root, 'code'));
  // A second link to the same file makes the rename leave the first where it is.
  rmSync(spare, { force: true });
  // A folder cannot replace another, so for a moment there is none.
  const folder = folders[i % folders.length];
  renameSync(folder, join(root, 'sub'));
  renameSync(join(root, 'sub'), folder);
}
