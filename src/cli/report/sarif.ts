import type { DenialReason } from '../../verdict.js';
import { causes } from '../../denial-advice.js';
import { advice } from '../advice.js';
import type { Findings } from './findings.js';

/** The findings of a scan as a SARIF 2.1.0 log (OASIS), for code scanning services. */
export function sarifOf({ root, refused, unexamined }: Findings): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mayexec',
            rules: Object.entries(causes).map(([id, text]) => ({
              id,
              shortDescription: { text },
            })),
          },
        },
        originalUriBaseIds: { ROOT: { description: { text: root } } },
        invocations: [
          {
            executionSuccessful: unexamined.length === 0,
            toolExecutionNotifications: unexamined.map(({ path, errno }) => ({
              level: 'error',
              message: { text: `could not be examined (${errno})` },
              locations: [location(path)],
            })),
          },
        ],
        results: refused.map(({ path, reason, package: owner }) => ({
          ruleId: reason,
          level: 'error',
          message: { text: message(reason, path, owner) },
          locations: [location(path)],
        })),
      },
    ],
  };
}

function message(reason: DenialReason, path: string, owner: string): string {
  return `${owner}: refused as code, ${causes[reason]}. To allow it: ${advice(reason, path)}`;
}

function location(path: string): unknown {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  const artifactLocation = path.startsWith('/')
    ? { uri: `file://${uri}` }
    : { uri, uriBaseId: 'ROOT' };
  return { physicalLocation: { artifactLocation } };
}
