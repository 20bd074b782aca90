// Python, whose own files are in memory. Its `import` asks this finder for files of the host.
import { loadPyodide } from 'pyodide';
import { NotFoundError } from 'mayexec';
import { findPart, start } from './start.mjs';

const FINDER = `
import sys
from importlib.machinery import ModuleSpec
class Finder:
    def find_spec(self, name, path=None, target=None):
        found = find(name + '.py')
        return ModuleSpec(name, Loader(found)) if found is not None else None
class Loader:
    def __init__(self, found): self.found = found
    def create_module(self, spec): return None
    def exec_module(self, module):
        exec(compile(self.found.content, self.found.path, 'exec'), module.__dict__)
sys.meta_path.append(Finder())
`;

await start('python', async (code) => {
  let refusal;
  const find = (name) => {
    try {
      return findPart(name);
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      refusal ??= error;
      throw error;
    }
  };
  const python = await loadPyodide();
  python.runPython(FINDER, { globals: python.toPy({ find }) });
  try {
    python.runPython(code);
  } catch (error) {
    throw refusal ?? error;
  }
});
