import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/**
 * Text in a style where the stream is a terminal that shows it; NO_COLOR and
 * TERM=dumb are obeyed by hasColors.
 */
export function styled(style: Style, text: string, stream = process.stdout): string {
  return stream.isTTY && stream.hasColors() ? styleText(style, text) : text;
}

/**
 * Text as it may be shown. A file's name is chosen by whoever made the file, and
 * control characters in it could write to the terminal what was never said.
 */
export function printable(text: string, keep = ''): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) =>
    keep.includes(c) ? c : `\\u{${c.charCodeAt(0).toString(16)}}`,
  );
}

/** One word of a shell command. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function warn(line: string): void {
  process.stderr.write(`mayexec: ${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** "1,203 files", "1 file". Without Intl, whose loading takes longer than many a scan. */
export function amount(count: number, noun: string): string {
  const number = String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${number} ${noun}${count === 1 ? '' : 's'}`;
}
