/** Work that ends once its bar was drawn on standard error. usage: draw-bar.ts TITLE TEXT */
import { withProgress } from '../../src/cli/progress.js';

const [, , title = '', text = ''] = process.argv;
const write = process.stderr.write.bind(process.stderr);
const drawn = new Promise<void>((resolve) => {
  process.stderr.write = (chunk: string | Uint8Array) => {
    if (/=|40/.test(String(chunk))) resolve();
    return write(chunk);
  };
});
await withProgress(title, drawn, () => ({ done: 30, total: 40, text }));
