require('./start-dropped.cjs')(new (require('child_process').ChildProcess)()._handle);
