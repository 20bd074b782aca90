import type cliProgress from 'cli-progress';

import { isTerminal, output, printable } from './terminal.js';

const INTERVAL_MS = 100;
/**
 * When the bar appears. Before that there is one line, because most work ends sooner and the
 * library takes time to load.
 */
const SOON_MS = 100;
/** The widest line. A wrapped line could not be cleared. */
const NARROW = 79;
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
  output.write(2, `${name} ${done}/${total} ${text}`.slice(-NARROW));
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

/** Returns a function that clears the bar. */
function startBar(bars: typeof cliProgress, name: string, progress: () => Progress): () => void {
  const bar = new bars.SingleBar({
    stream: process.stderr,
    format: `${name} {bar} {value}/{total} {text}`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
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
