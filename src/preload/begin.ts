import { obeySettings } from './enforcement.js';
import { isMainThread } from '../main-thread.js';
import { addSettingsOfProcess, readSettings } from './settings.js';
import { readPermission } from './guard/permission.js';
import { readGivenOptions } from './inherit/given-options.js';
import { rememberOwnFile } from './inherit/node-file.js';
import { keepEnvironment, startedWith } from './inherit/started-with.js';
import { loadNative } from './lib/native.js';
import { rememberFs } from './load/patched-fs.js';

let begun = false;

/**
 * Reads the options and the environment of this process before its program can change them, and
 * makes the settings its policy. Everything else of the preload comes after this. A second call
 * does nothing.
 */
export function begin(): void {
  if (begun) return;
  begun = true;
  readSettings();
  loadNative();
  keepEnvironment();
  if (!isMainThread) addSettingsOfProcess(startedWith());
  obeySettings();
  readGivenOptions();
  readPermission();
  rememberOwnFile();
  rememberFs();
}
