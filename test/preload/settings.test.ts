import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** A variable's name as a string, a property or a destructured one; not in a message or a comment. */
const VARIABLE =
  /(['"`])MAYEXEC_(?:ENFORCE|STRICT|STRICT_ALLOW|AUDIT_LOG)\1|(?:\.|[{,]\s*)MAYEXEC_|['"`]MAYEXEC_['"`$]/;

test('the variables of this package are read and written in one file', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  // embedded.ts names them in a comment.
  const code = (file: string): string =>
    readFileSync(join(src, file), 'utf8').replaceAll(/^ *(?:\/\*\*|\*).*$/gm, '');
  expect(files.filter((file) => VARIABLE.test(code(file)))).toEqual(['preload/settings.ts']);
});
