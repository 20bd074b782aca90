import { isHeard } from '../../audit.js';
import { checkWithoutFile } from '../../interactive.js';
import { asText } from './formats.js';
import type { LoadContext, LoadHook, LoadResult } from './node-module.js';

type NextLoad = Parameters<LoadHook>[2];

/**
 * An unknown media type has no format, and a hook may not return that. The loader then throws its
 * own error.
 */
function decoded(url: string, context: LoadContext, nextLoad: NextLoad): LoadResult {
  try {
    return nextLoad(url, context);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_RETURN_PROPERTY_VALUE') throw error;
    return { __proto__: null, format: undefined, source: '', shortCircuit: true } as LoadResult;
  }
}

/**
 * The code of a data: URL, which needs the check for interactive code. Where the channel has
 * subscribers, Node decodes the URL first, so that the record has the text that would run.
 */
export function loadCodeOfUrl(url: string, context: LoadContext, nextLoad: NextLoad): LoadResult {
  if (!isHeard()) {
    checkWithoutFile('data-url');
    return decoded(url, context, nextLoad);
  }
  let result;
  try {
    result = decoded(url, context, nextLoad);
  } catch (error) {
    checkWithoutFile('data-url');
    throw error;
  }
  checkWithoutFile('data-url', asText(result.source) as string | undefined);
  return result;
}

/** The data of a data: URL that is imported as JSON, text or bytes. It needs no check. */
export const loadDataOfUrl = decoded;
