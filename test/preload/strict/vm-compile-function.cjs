require('vm').compileFunction("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")();
