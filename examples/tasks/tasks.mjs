// A task runner: a YAML file says which commands make up a task. The commands are code,
// so the file is, though a parser of YAML alone would call it data.
//
// usage: tasks FILE [TASK] | tasks - [TASK] < FILE
//
//   include: [common]        # beside this file, then in TASKS_PATH; with or without .yaml
//   tasks:
//     default: { needs: [lint], run: ./build }
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { checkInteractive, readFirstMayExecSync, readMayExecSync } from 'mayexec';

const others = (process.env.TASKS_PATH ?? '').split(':').filter((folder) => folder !== '');

/** Adds the tasks of a text and of the files that it includes. The text's own tasks win. */
function collect(text, folder, tasks, seen = new Set()) {
  const { include = [], tasks: own = {} } = parse(text) ?? {};
  for (const name of include) {
    const candidates = [folder, ...others].flatMap((at) =>
      [name, `${name}.yaml`].map((file) => join(at, file)),
    );
    const found = readFirstMayExecSync(candidates, 'utf8');
    if (seen.has(found.path)) continue;
    seen.add(found.path);
    collect(found.content, dirname(found.path), tasks, seen);
  }
  for (const [name, task] of Object.entries(own)) tasks.set(name, task);
}

function perform(name, tasks, done) {
  if (done.has(name)) return;
  done.add(name);
  const task = tasks.get(name);
  if (task === undefined) throw new TypeError(`there is no task '${name}'`);
  for (const needed of task.needs ?? []) perform(needed, tasks, done);
  if (task.run === undefined) return;
  const { status, signal } = spawnSync('/bin/sh', ['-c', task.run], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${name}: ended with ${signal ?? `status ${status}`}`);
}

const [file, task = 'default'] = process.argv.slice(2);
try {
  if (file === undefined) throw new TypeError('usage: tasks FILE [TASK]');
  const tasks = new Map();
  if (file === '-') {
    checkInteractive({ fd: 0 });
    collect(readFileSync(0, 'utf8'), process.cwd(), tasks);
  } else collect(readMayExecSync(file, 'utf8'), dirname(file), tasks);
  perform(task, tasks, new Set());
} catch (error) {
  process.stderr.write(`tasks: ${error.message}\n`);
  process.exitCode = 1;
}
