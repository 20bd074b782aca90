// Templates of nunjucks, which are programs: they include, extend and import each other.
//
// usage: render TEMPLATE [DATA.json] | render - [DATA.json] < TEMPLATE
//
// A template is looked for beside the one that is named, then in TEMPLATE_PATH. nunjucks asks its
// loader for each template. The data are no code, and are not checked.
import { readFileSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import nunjucks from 'nunjucks';
import { checkInteractive, NotFoundError, readFirstMayExecSync, readMayExecSync } from 'mayexec';

const CheckedLoader = nunjucks.Loader.extend({
  init(folders) {
    this.folders = folders;
  },
  /**
   * With null, nunjucks says that there is no such template. A denial is thrown, so the search
   * ends.
   */
  getSource(name) {
    const candidates = this.folders
      .map((folder) => [folder, resolve(folder, name)])
      .flatMap(([folder, path]) => (path.startsWith(folder + sep) ? [path] : []));
    if (candidates.length === 0) return null;
    try {
      const { path, content } = readFirstMayExecSync(candidates, 'utf8');
      return { src: content, path, noCache: false };
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  },
});

function templateOf(path) {
  if (path !== '-') return readMayExecSync(path, 'utf8');
  checkInteractive({ fd: 0 });
  return readFileSync(0, 'utf8');
}

const [template, data] = process.argv.slice(2);
try {
  if (template === undefined) throw new TypeError('usage: render TEMPLATE [DATA.json]');
  const beside = template === '-' ? process.cwd() : dirname(resolve(template));
  const others = (process.env.TEMPLATE_PATH ?? '').split(':').filter((folder) => folder !== '');
  const loader = new CheckedLoader([beside, ...others.map((folder) => resolve(folder))]);
  const source = new nunjucks.Template(
    templateOf(template),
    new nunjucks.Environment(loader),
    template,
  );
  const values = data === undefined ? {} : JSON.parse(readFileSync(data, 'utf8'));
  process.stdout.write(source.render(values));
} catch (error) {
  process.stderr.write(`render: ${error.message}\n`);
  process.exitCode = 1;
}
