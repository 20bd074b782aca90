class Own extends Function {}
new Own("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")();
