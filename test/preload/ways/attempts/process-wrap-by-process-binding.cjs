require('./start-dropped.cjs')(new (process.binding('process_wrap').Process)());
