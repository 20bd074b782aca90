import(
  'data:text/javascript,import ' +
    encodeURIComponent(JSON.stringify('file://' + __dirname + '/dropped.mjs'))
);
