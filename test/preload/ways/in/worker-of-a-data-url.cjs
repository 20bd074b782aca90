new (require('worker_threads').Worker)(
  new URL(
    "data:text/javascript,import%20%7B%20writeSync%20%7D%20from%20'node%3Afs'%3B%20writeSync(1%2C%20'RAN%5Cn')",
  ),
);
