// ejs asks `includer` first, and does not read a file whose text it was given.
import ejs from 'ejs';
import { findPart, start } from './start.mjs';

const includer = (name) => {
  const { path, content } = findPart(name);
  return { filename: path, template: content };
};

await start('ejs', (code) => process.stdout.write(ejs.render(code, {}, { includer })));
