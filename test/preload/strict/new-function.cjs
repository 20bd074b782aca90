new Function("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")();
