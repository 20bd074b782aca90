import type { Reporter, TestModule } from 'vitest/node';

/** Set by test/as-root.mjs. */
const isRoot = process.env['MAYEXEC_KERNEL'] !== 'user-namespace';

/** Names, at the end of a run, the tests that this machine or user cannot run, and what they need. */
export class LeftOut implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const found: string[] = [];
    const ofRoot: string[] = [];
    const packages = new Set<string>();
    for (const module of modules) {
      for (const { fullName } of module.children.allTests('skipped')) {
        const line = `  ${module.relativeModuleId}: ${fullName}`;
        const [, wanted] = / \[left out: apt-get install (.*)\]$/.exec(fullName) ?? [];
        if (!isRoot && fullName.includes('[needs root]')) ofRoot.push(line);
        if (wanted === undefined) continue;
        found.push(line);
        for (const name of wanted.split(' ')) packages.add(name);
      }
    }
    if (ofRoot.length > 0) {
      console.log(`\nLeft out, since this user is not root: ${ofRoot.length} tests`);
      console.log(ofRoot.join('\n'));
      console.log('To run them: run the tests as root\n');
    }
    if (found.length === 0) return;
    console.log(`\nLeft out, since this machine has not every program: ${found.length} tests`);
    console.log(found.join('\n'));
    console.log(`To run them: apt-get install ${[...packages].sort().join(' ')}\n`);
  }
}
