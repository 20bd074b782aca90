require('module').register(
  'data:text/javascript,import{writeSync}from"node:fs";writeSync(1,"RAN")',
);
