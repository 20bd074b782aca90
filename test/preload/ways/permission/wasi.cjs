try {
  new (require('node:wasi').WASI)({ version: 'preview1' });
  console.log('made');
} catch (error) {
  console.log(error.code, error.message);
}
