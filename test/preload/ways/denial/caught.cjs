try {
  require('./outer.cjs');
} catch (error) {
  console.log(error.name, error.code, error.syscall, error.path, error.verdict.reason);
  console.log(error.message);
}
