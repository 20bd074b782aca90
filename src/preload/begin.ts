import { obeySettings } from './enforcement.js';
import { readSettings } from './settings.js';
import { readPermission } from './guard/permission.js';
import { readGivenOptions } from './inherit/given-options.js';
import { rememberOwnFile } from './inherit/node-file.js';
import { keepEnvironment } from './inherit/started-with.js';
import { loadNative } from './lib/native.js';
import { rememberFs } from './load/patched-fs.js';

let begun = false;

/**
 * Reads what this process was given, before its program can change it, and makes the settings
 * its policy. Everything else of the preload comes after this. A second call does nothing.
 */
export function begin(): void {
  if (begun) return;
  begun = true;
  readSettings();
  loadNative();
  obeySettings();
  readGivenOptions();
  readPermission();
  keepEnvironment();
  rememberOwnFile();
  rememberFs();
}
