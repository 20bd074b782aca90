import type { Reporter, TestModule } from 'vitest/node';

/** Names, at the end of a run, the tests that withPrograms left out, and what to install. */
export class LeftOut implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const found: string[] = [];
    const packages = new Set<string>();
    for (const module of modules) {
      for (const { fullName } of module.children.allTests('skipped')) {
        const [, wanted] = / \[left out: apt-get install (.*)\]$/.exec(fullName) ?? [];
        if (wanted === undefined) continue;
        found.push(`  ${module.relativeModuleId}: ${fullName}`);
        for (const name of wanted.split(' ')) packages.add(name);
      }
    }
    if (found.length === 0) return;
    console.log(`\nLeft out, since this machine has not every program: ${found.length} tests`);
    console.log(found.join('\n'));
    console.log(`To run them: apt-get install ${[...packages].sort().join(' ')}\n`);
  }
}
