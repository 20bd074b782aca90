// A program in WebAssembly. It is given no folder, so that it reads no files.
import { WASI } from 'node:wasi';
import { start } from './start.mjs';

await start(
  'wasi',
  async (bytes) => {
    const wasi = new WASI({ version: 'preview1', returnOnExit: true });
    const { instance } = await WebAssembly.instantiate(bytes, wasi.getImportObject());
    process.exitCode = wasi.start(instance);
  },
  null,
);
