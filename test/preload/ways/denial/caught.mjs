import { ExecDeniedError } from './package/dist/index.js';

try {
  await import('./between.mjs');
} catch (error) {
  console.log(error instanceof ExecDeniedError, error.code);
  console.log(error.message.split('\n').slice(1).join('\n'));
}
