// Compiled against the packed package by .ci/packed, by each TypeScript, as ES modules
// and as CommonJS. Every kind of thing that the package exports is used once.
import {
  checkExecSync,
  constants,
  ExecDeniedError,
  ExecFile,
  openMayExec,
  openMayExecSync,
  probe,
  readMayExecSync,
  type OpenOptions,
  type Probe,
  type Verdict,
} from 'mayexec';
import 'mayexec/register';
import { checkModules, type CheckModulesOptions } from 'mayexec/modules';
import { matchers, testFiles, withPolicy, type DenialMatchers, type TestFiles } from 'mayexec/test';

const checking: CheckModulesOptions = { enforce: true };
checkModules(checking);
const options: OpenOptions = { enforce: true, resolve: constants.RESOLVE_BENEATH };
export const found: Probe = probe();

export async function run(path: string): Promise<Verdict> {
  const file: ExecFile = await openMayExec(path, options);
  try {
    const text: string = await file.text();
    const verdict: Verdict = checkExecSync(file.fd);
    return text === '' ? file.verdict : verdict;
  } finally {
    await file.close();
  }
}

// An option that is not set, as in a wrapper with options of its own.
export const passed: OpenOptions = { enforce: undefined, dir: undefined, signal: undefined };

export function read(path: string): string | undefined {
  try {
    openMayExecSync(path).closeSync();
    return readMayExecSync(path).toString();
  } catch (error) {
    if (!(error instanceof ExecDeniedError)) throw error;
    const reason: string | undefined = error.verdict.reason;
    return reason ?? error.code;
  }
}

export const asked = (expected: DenialMatchers): void => expected.toBeDenied('mode');
export const pass: boolean = matchers.toBeDenied(new Error()).pass;
export async function tried(): Promise<string> {
  const files: TestFiles = testFiles(undefined, { extension: '.lua' });
  const verdict: Verdict = await withPolicy({ restrictFile: true }, () => run(files.allowed));
  const text: string | undefined = withPolicy({}, () => read(files.refused));
  files.remove();
  return `${verdict.allowed} ${text}`;
}
