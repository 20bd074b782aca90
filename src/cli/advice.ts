import type { DenialReason } from '../verdict.js';
import { quoted } from './terminal.js';

/** What a cause of refusal is, in words. */
export const causes: Readonly<Record<DenialReason, string>> = {
  mode: 'no execute permission for this user',
  'noexec-mount': 'on a mount with the noexec option',
  'not-regular': 'not a regular file',
  'security-module': 'refused by a security module (IMA, IPE, Landlock, SELinux, AppArmor)',
};

/** What would change the verdict; `mountPoint` tells where the file's mount is, if that can be known. */
export function fix(
  reason: DenialReason,
  path: string,
  mountPoint?: () => string | undefined,
): string {
  switch (reason) {
    case 'mode':
      // A name is chosen by whoever made the file, and could be an option.
      return `chmod +x ${quoted(path.startsWith('-') ? `./${path}` : path)}`;
    case 'noexec-mount': {
      const mount = mountPoint?.();
      return mount === undefined
        ? 'install it on a mount that allows execution, or remount that one with exec'
        : `install it on a mount that allows execution, or mount -o remount,bind,exec ${quoted(mount)}`;
    }
    case 'not-regular':
      return 'name the script file itself';
    case 'security-module':
      return 'sign, label or allow it as the policy asks (after mayexec run --allow-exec: name its directory there); the audit log of the kernel names the module';
  }
}
