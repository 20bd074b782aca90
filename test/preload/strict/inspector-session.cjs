const s = new (require('inspector').Session)();
s.connect();
s.post('Runtime.evaluate', { expression: "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')" });
