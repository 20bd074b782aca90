try {
  require('./dropped.node');
} catch (e) {
  if (e.code !== 'ERR_DLOPEN_FAILED') throw e;
}
