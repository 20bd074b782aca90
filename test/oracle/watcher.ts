import { FileTexts } from './approved-texts.js';
import { isFinding, classifyAll, type Classified } from './classify.js';
import { LoggingNode } from './logging-node.js';
import { NodeOwn } from './node-own.js';
import { WatchedCopy } from './watched-copy.js';

/** What two eyes saw of one program. */
export interface Seen {
  /** Processes and Workers, and those of them that had no preload. */
  readonly isolates: number;
  readonly unwatched: number;
  readonly scripts: number;
  readonly findings: readonly Classified[];
  /** By isolate, the words that it was started with. */
  readonly starts: ReadonlyMap<string, string>;
}

/**
 * One Node and one copy of mayexec, both with an eye. The one in the preload sees
 * all of an isolate, and who compiles; the one in Node's binary sees every isolate.
 */
export class Watcher {
  readonly #copy = new WatchedCopy();
  readonly #logging: LoggingNode;
  readonly #own: NodeOwn;
  readonly #node: string;

  constructor(node: string) {
    this.#node = node;
    this.#own = new NodeOwn(node);
    this.#logging = new LoggingNode(node, this.#copy.folder);
  }

  /** The Node to run. */
  get node(): string {
    return this.#logging.path;
  }

  environment(strict: boolean): Record<string, string> {
    return this.#copy.environment(strict ? ['--strict'] : []);
  }

  /** The texts of files that programs may load under another name. */
  files(folders: readonly string[]): FileTexts {
    const files = new FileTexts(this.#node, folders);
    // Its scripts do not have its name.
    files.add(this.#copy.preload);
    return files;
  }

  /** Classifies what was seen since the last time. */
  take(files: FileTexts, strict: boolean): Seen {
    const records = this.#copy.take();
    const logged = this.#logging.take();
    const context = { own: this.#own, files, folder: this.#copy.folder };
    const classified = classifyAll(records, logged, context);
    const starts = new Map<string, string>();
    for (const { isolate, start } of records) if (start !== undefined) starts.set(isolate, start);
    const isolates = new Set(logged.map(({ isolate }) => isolate)).size;
    return {
      isolates,
      unwatched: Math.max(0, isolates - starts.size),
      scripts: classified.length,
      findings: classified.filter((script) => isFinding(script, strict)),
      starts,
    };
  }

  remove(): void {
    this.#copy.remove();
  }
}
