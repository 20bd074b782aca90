const s = new (require('inspector').Session)();
s.connect();
s.post('Profiler.enable', () => require('fs').writeSync(1, 'RAN\n'));
