'use strict';
// Begins dist/cli.cjs while it is measured. V8 writes its counts at exit, and `mayexec run` never
// comes there: it becomes mayexec-run by execve.
{
  const { dlopen } = process;
  process.dlopen = (module, ...words) => {
    dlopen.call(process, module, ...words);
    const { execute } = module.exports;
    if (execute === undefined) return;
    module.exports.execute = (...arguments_) => {
      if (process.env.NODE_V8_COVERAGE) require('node:v8').takeCoverage();
      return execute(...arguments_);
    };
  };
}
