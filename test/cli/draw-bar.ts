/** Work that ends once its bar was drawn on standard error. */
import { withProgress } from '../../src/cli/progress.js';

const write = process.stderr.write.bind(process.stderr);
const drawn = new Promise<void>((resolve) => {
  process.stderr.write = (chunk: string | Uint8Array) => {
    if (String(chunk).includes('=')) resolve();
    return write(chunk);
  };
});
await withProgress('work', drawn, () => ({ done: 30, total: 40, text: 'files' }));
