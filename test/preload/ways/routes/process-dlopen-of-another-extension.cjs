try {
  process.dlopen({ exports: {} }, __dirname + '/dropped.so');
} catch (e) {
  if (e.code !== 'ERR_DLOPEN_FAILED') throw e;
}
