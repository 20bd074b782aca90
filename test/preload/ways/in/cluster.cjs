const c = require('cluster');
c.setupPrimary({ exec: __dirname + '/dropped.cjs', execArgv: [] });
c.fork({ NODE_OPTIONS: '' }).on('online', function () {
  this.disconnect();
});
