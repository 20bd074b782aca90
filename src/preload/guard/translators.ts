import { filesAreRestricted } from '../../policy.js';
import { pathOfFileUrl } from '../lib/file-url.js';
import { internals } from '../lib/internals.js';
import { ReflectApply, StringPrototypeStartsWith } from '../lib/primordials.js';
import { isClosed, isWatched } from '../enforcement.js';
import { noteTypes } from '../load/approved-text.js';
import { asText, withoutByteOrderMark } from '../load/formats.js';
import type { Source } from '../load/node-module.js';
import { isSame, settled } from '../load/supplied.js';
import { stripAnyTypes, type Stripped } from '../load/type-stripping.js';
import { isAudited } from '../settings.js';
import { enter } from './enter.js';

/*
 * The functions that make a module of a source, one for each format. Node's loader calls its own
 * `load` before them, and a program that gets hold of the loader can replace that. So they compare
 * the source with the one that the hooks supplied.
 */

interface Context {
  source: Source;
}
type Translate = (this: unknown, url: string, context: Context, parent: unknown) => unknown;
interface Translators {
  readonly get: (format: string) => Translate | undefined;
  readonly set: (format: string, translate: Translate) => void;
}

/** The formats whose source becomes code. */
const FORMATS = ['module', 'commonjs', 'commonjs-sync', 'require-commonjs', 'wasm'] as const;
/** The formats with types, and those without them. */
const TYPED: readonly (readonly [string, string])[] = [
  ['commonjs-typescript', 'commonjs'],
  ['require-commonjs-typescript', 'require-commonjs'],
  ['module-typescript', 'module'],
];

/** Whether the hooks check sources at all. */
const areSourcesChecked = (): boolean => isWatched('vm') && (filesAreRestricted() || isAudited);

/** The code that the hooks supplied for a URL that Node has not translated yet. */
const supplied = Object.create(null) as Record<string, Source>;

/** Call this with what the hooks return for a URL. Undefined when that may not become code. */
export function noteCode(url: string, source: Source): void {
  if (areSourcesChecked()) supplied[url] = settled(source);
}

/** Node may have decoded the bytes. */
function isDecoded(text: Source, own: Source): boolean {
  const withMark = asText(own);
  return (
    typeof text === 'string' &&
    typeof withMark === 'string' &&
    withoutByteOrderMark(text) === withoutByteOrderMark(withMark)
  );
}

function compare(url: string, context: Context): void {
  const { source } = context;
  // Without a source Node asks the hooks, or throws.
  if (source === undefined || source === null || !areSourcesChecked()) return;
  const own = supplied[url];
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a dictionary
  delete supplied[url];
  if (own !== undefined && own !== null && isSame(source, own)) {
    // Another thread could write into the bytes that were compared.
    context.source = own;
  } else if (!isDecoded(source, own)) {
    enter('vm', `a source of '${url}' that no hook supplied`, asText(source) as string);
  }
}

function guard(translators: Translators, format: string): void {
  const translate = translators.get(format);
  if (translate === undefined) return;
  translators.set(format, function (this: unknown, url, context, parent) {
    compare(url, context);
    return ReflectApply(translate, this, [url, context, parent]);
  });
}

function typesOf(url: string, text: string): Stripped | undefined {
  const path = StringPrototypeStartsWith(url, 'file:') ? pathOfFileUrl(url) : undefined;
  const known = path === undefined ? undefined : noteTypes(path, text, url);
  return known ?? stripAnyTypes(text, url);
}

/**
 * Strips the types here. Node would do it with functions that the program may have replaced: the
 * hooks have stripped only what Node itself takes for TypeScript.
 */
function guardTyped(translators: Translators, typed: string, plain: string): void {
  const translate = translators.get(typed);
  const translatePlain = translators.get(plain);
  if (translate === undefined || translatePlain === undefined) return;
  translators.set(typed, function (this: unknown, url, context, parent) {
    compare(url, context);
    const text = asText(context.source);
    const stripped = typeof text === 'string' ? typesOf(url, text) : undefined;
    // A log alone changes nothing: Node reports the error itself.
    if (isClosed('compile')) stripped?.fail?.(url);
    if (stripped?.text === undefined) return ReflectApply(translate, this, [url, context, parent]);
    context.source = stripped.text;
    noteCode(url, stripped.text);
    return ReflectApply(translatePlain, this, [url, context, parent]);
  });
}

/** Guards the sources of modules with the gate `vm`. */
export function guardTranslators(): void {
  const { translators } = internals()?.load<{ translators?: Translators }>(
    'internal/modules/esm/translators',
  ) ?? { translators: undefined };
  if (translators === undefined) return;
  for (let i = 0; i < FORMATS.length; i++) guard(translators, FORMATS[i] as string);
  for (let i = 0; i < TYPED.length; i++) {
    const { 0: typed, 1: plain } = TYPED[i] as (typeof TYPED)[number];
    guardTyped(translators, typed, plain);
  }
}
