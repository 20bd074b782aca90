import { causes } from '../../denial-advice.js';
import { advice } from '../advice.js';
import { groupBy } from '../group.js';
import type { Findings } from './findings.js';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text for XML 1.0, which has no way to write most control characters. */
function xml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"]/g, (c) => escapes[c] ?? c)
  );
}

/** The findings of a scan as JUnit XML: each package is a suite, each file a failed test case. */
export function junitOf({ root, refused, unexamined, code }: Findings): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(`mayexec scan ${root}`)}" tests="${code}" failures="${refused.length}" errors="${unexamined.length}">`,
  ];
  for (const [owner, files] of groupBy(refused, (finding) => finding.package)) {
    lines.push(
      `<testsuite name="${xml(owner)}" tests="${files.length}" failures="${files.length}">`,
    );
    for (const { path, reason } of files) {
      lines.push(
        `<testcase classname="${xml(owner)}" name="${xml(path)}">`,
        `<failure type="${reason}" message="${xml(causes[reason])}">${xml(advice(reason, path))}</failure>`,
        '</testcase>',
      );
    }
    lines.push('</testsuite>');
  }
  if (unexamined.length > 0) {
    lines.push(
      `<testsuite name="not examined" tests="${unexamined.length}" errors="${unexamined.length}">`,
    );
    for (const { path, errno } of unexamined) {
      lines.push(
        `<testcase classname="not examined" name="${xml(path)}"><error type="${xml(errno)}"/></testcase>`,
      );
    }
    lines.push('</testsuite>');
  }
  return [...lines, '</testsuites>'].join('\n');
}
