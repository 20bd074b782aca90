import { append } from '../lib/append.js';
import { StringPrototypeCharAt } from '../lib/primordials.js';
import { filesOf } from './node-file.js';
import { firstLine, MOST_INTERPRETERS } from './program-file.js';

/** Where the names of programs are looked up. */
interface Place {
  readonly cwd: string | undefined;
  readonly path: string | undefined;
}

/** How words are read, and the list that they go to. */
interface Reading extends Place {
  readonly into: string[];
  readonly splits: boolean;
  /** Whether env(1) may read the text. */
  readonly forEnv: boolean;
}

/** Characters that end a word in a shell's text. native/run/words.c reads it in the same way. */
const ENDS_WORD = ' \t\n;&|(){}`$<>';
const QUOTES = '"\'\\';

function contains(characters: string, character: string): boolean {
  for (let i = 0; i < characters.length; i++) {
    if (StringPrototypeCharAt(characters, i) === character) return true;
  }
  return false;
}

/**
 * The words that a shell could split a text into. The values of its variables are unknown.
 * To `env -S` a backslash and an underscore are a space.
 */
function split(text: string, depth: number, reading: Reading): void {
  if (!reading.splits) {
    if (text !== '') add(text, depth, reading);
    return;
  }
  let word = '';
  for (let i = 0; i < text.length; i++) {
    let character = StringPrototypeCharAt(text, i);
    if (character === '\\') {
      const next = StringPrototypeCharAt(text, i + 1);
      // The line goes on.
      if (next === '\n') i++;
      else if (next === '_' && reading.forEnv) {
        character = ' ';
        i++;
      }
    }
    if (contains(ENDS_WORD, character)) {
      if (word !== '') add(word, depth, reading);
      word = '';
    } else if (!contains(QUOTES, character)) word += character;
  }
  if (word !== '') add(word, depth, reading);
}

/** Adds a word. A script has what the kernel puts in front of it: execve(2). */
function add(word: string, depth: number, reading: Reading): void {
  if (depth < MOST_INTERPRETERS && StringPrototypeCharAt(word, 0) !== '-') {
    const files = filesOf(word, reading.cwd, reading.path);
    for (let i = 0; i < files.length; i++) {
      const line = firstLine(files[i] as string);
      if (line === undefined) continue;
      add(line.interpreter, depth + 1, reading);
      split(line.argument, depth + 1, reading);
    }
  }
  append(reading.into, word);
}

/** The words, each script with the words of its first line in front of it. */
export function resolveWords(words: readonly string[], { cwd, path }: Place): string[] {
  const into: string[] = [];
  const reading = { into, splits: false, forEnv: false, cwd, path };
  for (let i = 0; i < words.length; i++) split(words[i] as string, 0, reading);
  return into;
}

/** The same, and every word but the first is a text that a shell or env(1) could split. */
export function splitWords(
  words: readonly string[],
  forEnv: boolean,
  { cwd, path }: Place,
): string[] {
  const into: string[] = [];
  const reading = { into, splits: true, forEnv, cwd, path };
  for (let i = 0; i < words.length; i++) {
    if (i === 0) add(words[i] as string, 0, reading);
    else split(words[i] as string, 0, reading);
  }
  return into;
}
