try {
  require('crypto').setEngine(__dirname + '/dropped.so');
} catch (e) {
  if (/mayexec|execveat/.test(e.message)) throw e;
}
