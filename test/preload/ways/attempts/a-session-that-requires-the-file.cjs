const s = new (require('inspector').Session)();
s.connect();
s.post('Runtime.evaluate', {
  expression: 'process.mainModule.require(' + JSON.stringify(__dirname + '/dropped.cjs') + ')',
});
