/** What eye.cjs wrote of one script, or of the start of an isolate. */
export interface ScriptRecord {
  /** The process and thread. */
  readonly isolate: string;
  /** The words that the process was started with, in the first record of an isolate. */
  readonly start?: string;
  /** Whether an inspector is there. V8's log has the script in either case. */
  readonly sees?: boolean;
  /** The eye could not look at a script. */
  readonly failed?: string;
  readonly url?: string;
  /** SHA-256 of the text, by V8. Of WebAssembly it says nothing. */
  readonly hash?: string;
  readonly length?: number;
  /** The file of its name, its mode at that moment, and whether its text was the script's. */
  readonly path?: string;
  readonly mode?: number;
  readonly same?: boolean;
  /** Its beginning, when that is no file's text. */
  readonly text?: string;
  /** The bytes, in base64. */
  readonly wasm?: string;
  /** The script of the innermost frame, and all of the frames. */
  readonly by?: string;
  readonly stack?: string;
}
