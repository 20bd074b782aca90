(0, eval)("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')");
