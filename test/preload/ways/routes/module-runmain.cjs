process.argv[1] = __dirname + '/dropped.cjs';
require('module').runMain(process.argv[1]);
