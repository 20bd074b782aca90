const { createServer } = require('http');
const server = createServer((_, response) => response.end('RAN\n'));
server.listen(0, async () => {
  const response = await fetch(`http://127.0.0.1:${server.address().port}`);
  require('fs').writeSync(1, await response.text());
  server.close();
});
