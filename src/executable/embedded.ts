/** The settings that `mayexec build-node` embeds, beside the preload. */
export interface Embedded {
  /** The effects of MAYEXEC_ENFORCE, MAYEXEC_STRICT and MAYEXEC_STRICT_ALLOW in the environment. */
  readonly enforce: boolean;
  readonly strict: boolean;
  readonly allow: string;
  /** The absolute path of the code image. The environment can name no other. */
  readonly image?: string | undefined;
  /** The same for the file with approved bytecode. */
  readonly bytecode?: string | undefined;
  /** Options of Node that were given to build-node. */
  readonly nodeOptions: readonly string[];
  /** The ones that a Worker accepts. */
  readonly workerOptions: readonly string[];
  /** The name of the addon's file, which is beside the executable. */
  readonly addon: string;
}

/** The names of what is embedded. */
export const ASSETS = {
  settings: 'mayexec.json',
  preload: 'mayexec.cjs',
  addon: 'mayexec.node',
} as const;

/** Options that are built into every such executable. docs/build-node.md says why. */
export const OWN_OPTIONS: readonly string[] = ['--openssl-config=/dev/null', '--disable-sigusr1'];

interface Sea {
  getAsset(name: string, encoding: 'utf8'): string;
  getRawAsset(name: string): ArrayBuffer;
}

declare const MAYEXEC_EXECUTABLE: boolean;

const sea = (): Sea => process.getBuiltinModule('node:sea') as unknown as Sea;

function read(): Embedded {
  return JSON.parse(sea().getAsset(ASSETS.settings, 'utf8')) as Embedded;
}

/** The content that the addon's file must have. */
export function embeddedAddon(): Uint8Array {
  return new Uint8Array(sea().getRawAsset(ASSETS.addon));
}

/** The settings of this executable, or undefined in a plain Node. bundle.mjs decides which. */
export const embedded: Embedded | undefined =
  // eslint-disable-next-line no-restricted-syntax -- they are constants of the build
  typeof MAYEXEC_EXECUTABLE !== 'undefined' && MAYEXEC_EXECUTABLE ? read() : undefined;
