import { printable } from './terminal.js';

const INTERVAL_MS = 100;

/** How far long work has come. */
export interface Progress {
  done: number;
  total: number;
  /** What is shown beside the bar. */
  text: string;
}

/** Shows, on standard error when that is a terminal, how far the work has come while it goes on. */
export async function withProgress<T>(
  title: string,
  work: Promise<T>,
  progress: () => Progress,
): Promise<T> {
  if (!process.stderr.isTTY) return work;
  // It may fail before anybody waits for it; the error is thrown below.
  work.catch(() => undefined);
  // Loaded only where it is shown; it is CommonJS without named exports.
  const { default: bars } = await import('cli-progress');
  const bar = new bars.SingleBar({
    stream: process.stderr,
    format: `${printable(title)} {bar} {value}/{total} {text}`,
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
  const first = progress();
  bar.start(first.total, first.done, { text: first.text });
  const timer = setInterval(update, INTERVAL_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    update();
    bar.stop();
  }
}
