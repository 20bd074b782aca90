import type cliProgress from 'cli-progress';

import { fitting, isTerminal, output, printable } from './terminal.js';

const INTERVAL_MS = 100;
/**
 * When the bar appears. Before that there is one line, because most work ends sooner and the
 * library takes time to load.
 */
const SOON_MS = 100;
/** The width of a terminal that does not tell it. */
const COLUMNS = 80;
/** The widest bar. */
const BAR = 30;
const CLEAR_LINE = '\r\u001b[2K';

/** The progress of long work. */
export interface Progress {
  done: number;
  total: number;
  /** The text beside the bar. */
  text: string;
}

/** Shows the progress of work on standard error, if that is a terminal. */
export async function withProgress<T>(
  title: string,
  work: Promise<T>,
  progress: () => Progress,
): Promise<T> {
  if (!isTerminal(2)) return work;
  const name = printable(title);
  const { done, total, text } = progress();
  output.write(2, lineOf(name, { done, total, text }, 0, COLUMNS));
  let end = (): void => {
    clearTimeout(timer);
  };
  const timer = setTimeout(() => {
    // The library is CommonJS and has no named exports.
    void import('cli-progress').then(({ default: bars }) => {
      if (!over) end = startBar(bars, name, progress);
    });
  }, SOON_MS);
  let over = false;
  try {
    return await work;
  } finally {
    over = true;
    end();
    output.write(2, CLEAR_LINE);
  }
}

/**
 * A line that is shorter than the terminal is wide, because a wrapped one could not be cleared. The
 * numbers say most, so the name and the bar share what they leave.
 */
function lineOf(
  name: string,
  { done, total, text }: Progress,
  widest: number,
  columns: number,
): string {
  const numbers = `${done}/${total} ${text}`;
  const left = columns - 1 - numbers.length - 2;
  const title = fitting(name, Math.max(1, Math.min(left, Math.max(left - widest, left >> 1))));
  const size = Math.max(0, Math.min(widest, left - title.length));
  const filled = total === 0 ? 0 : Math.min(size, Math.round((size * done) / total));
  const bar = size === 0 ? '' : `${'='.repeat(filled).padEnd(size)} `;
  return `${title} ${bar}${numbers}`.slice(0, columns - 1);
}

/** Returns a function that clears the bar. */
function startBar(bars: typeof cliProgress, name: string, progress: () => Progress): () => void {
  const bar = new bars.SingleBar({
    stream: process.stderr,
    format: (_, { value, total }, { text }: { text: string }) =>
      lineOf(name, { done: value, total, text }, BAR, process.stderr.columns || COLUMNS),
    hideCursor: true,
    clearOnComplete: true,
  });
  const update = (): void => {
    const { done, total, text } = progress();
    bar.setTotal(total);
    bar.update(done, { text });
  };
  const { done, total, text } = progress();
  bar.start(total, done, { text });
  const timer = setInterval(update, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    update();
    bar.stop();
  };
}
