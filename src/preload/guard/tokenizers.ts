import { anythingIsEnforced } from '../../policy.js';
import { whenEnforced } from '../enforcement.js';
import { inPlaceOf } from '../lib/in-place-of.js';
import {
  ObjectDefineProperty,
  ObjectHasOwn,
  ReflectApply,
  ReflectConstruct,
  StringPrototypeIncludes,
  StringPrototypeToLowerCase,
} from '../lib/primordials.js';
import { methodOf, replace, replaceValue } from '../lib/replace.js';
import { decideUnchecked } from '../refused.js';
import { isAudited } from '../settings.js';

/*
 * A function of sqlite's FTS3 takes an address, which the program binds to a statement as bytes, and
 * calls what it finds there. Each connection gets another function in its place. With a log alone
 * the function stays, and a statement that names it is recorded.
 */

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Connection = (new (...args: unknown[]) => object) & {
  readonly prototype: { readonly function: Method; readonly close: Method };
};
export interface Sqlite {
  readonly DatabaseSync: Connection;
}

const NAME = 'fts3_tokenizer';

function refuseTokenizer(): void {
  decideUnchecked(
    'load',
    'dlopen',
    anythingIsEnforced(),
    `${NAME} makes sqlite call whatever a program writes to an address. Use the tokenizers of FTS5`,
  );
}

/** SQLite gets the number of arguments from the length of a function. */
function refusing(length: number): () => void {
  const refuse = (): void => {
    refuseTokenizer();
  };
  return ObjectDefineProperty(refuse, 'length', {
    __proto__: null,
    value: length,
  } as PropertyDescriptor);
}

function isClosed(error: unknown): boolean {
  if (!(error instanceof Error) || !ObjectHasOwn(error, 'code')) return false;
  return (error as NodeJS.ErrnoException).code === 'ERR_INVALID_STATE';
}

function closeTokenizers(sqlite: Sqlite): void {
  const { DatabaseSync } = sqlite;
  const { function: define, close } = DatabaseSync.prototype;
  // It has one argument or two.
  const one = refusing(1);
  const two = refusing(2);
  const guard = (connection: object): void => {
    try {
      ReflectApply(define, connection, [NAME, one]);
      ReflectApply(define, connection, [NAME, two]);
    } catch (error) {
      // It is to be opened later.
      if (isClosed(error)) return;
      ReflectApply(close, connection, []);
      throw error;
    }
  };
  replace<Method>(DatabaseSync.prototype, 'open', (open) =>
    methodOf<Method>({
      method() {
        ReflectApply(open, this, []);
        guard(this as object);
      },
    }),
  );
  const guarded = inPlaceOf(DatabaseSync, {
    construct(_, args, newTarget) {
      const connection = ReflectConstruct(DatabaseSync, args, newTarget);
      guard(connection);
      return connection;
    },
  });
  replaceValue(sqlite, 'DatabaseSync', guarded);
  replaceValue(DatabaseSync.prototype, 'constructor', guarded);
}

export function guardTokenizers(sqlite: Sqlite): void {
  if (isAudited) {
    replace<Method>(sqlite.DatabaseSync.prototype, 'prepare', (prepare) =>
      methodOf<Method>({
        method(...args) {
          const text = args[0];
          const names =
            typeof text === 'string' &&
            StringPrototypeIncludes(StringPrototypeToLowerCase(text), NAME);
          if (names && !anythingIsEnforced()) refuseTokenizer();
          return ReflectApply(prepare, this, args);
        },
      }),
    );
  }
  whenEnforced(() => {
    closeTokenizers(sqlite);
  });
}
