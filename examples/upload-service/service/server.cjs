/*
 * A small web service with the mistakes that such services have. It takes files
 * into a folder, and uses names that its clients send.
 */
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { enableCompileCache } = require('node:module');
const { dirname, join } = require('node:path');
const { render } = require('./templates.cjs');

const data = process.argv[2];
const uploads = join(data, 'uploads');
// To start faster. The service may write there, and so may a client that uploads a file.
enableCompileCache(join(data, 'cache'));

/** Loads a module again, as after an update of it. */
function fresh(path) {
  delete require.cache[require.resolve(path)];
  return require(path);
}

const routes = {
  // A plugin by its name: ?name=../../data/uploads/x.cjs is one, too.
  '/plugin': (query) => require(join(__dirname, 'plugins', query.get('name')))(),
  // A page from a template, which may name helpers.
  '/page': (query) => render(join(__dirname, 'views', query.get('template'))),
  // A theme is a package that an administrator has uploaded.
  '/theme': () => fresh(join(uploads, 'theme'))(),
  // A job that is seldom needed, and so loaded late.
  '/job': () => fresh('./job.cjs')(),
  // The release that a link leads to.
  '/current': () => fresh(join(data, 'current.cjs'))(),
};

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  // Not pathname, from which `..` has been taken out.
  const file = join(uploads, decodeURIComponent(request.url.slice('/files/'.length)));
  if (request.url.startsWith('/files/') && request.method === 'PUT') {
    const body = [];
    for await (const chunk of request) body.push(chunk);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.concat(body));
    return [201, ''];
  }
  if (request.url.startsWith('/files/') && existsSync(file)) return [200, readFileSync(file)];
  if (Object.hasOwn(routes, pathname)) return [200, routes[pathname](searchParams)];
  return [404, 'There is nothing here'];
}

const server = createServer((request, response) => {
  answer(request).then(
    ([status, body]) => response.writeHead(status).end(body),
    (error) => {
      console.error(`${request.url}: ${error.name}: ${error.message.split('\n')[0]}`);
      response.writeHead(500).end('Something went wrong');
    },
  );
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
