import type { DenialReason } from '../verdict.js';
import { quoted } from './terminal.js';

/** Each reason of a denial, in words. */
export const causes: Readonly<Record<DenialReason, string>> = {
  mode: 'no execute permission for this user',
  'noexec-mount': 'on a mount with the noexec option',
  'not-regular': 'not a regular file',
  'security-module': 'refused by a security module (IMA, IPE, Landlock, SELinux, AppArmor)',
};

/** What would change the verdict. `mountPoint` finds the mount point of the file. */
export function fix(
  reason: DenialReason,
  path: string,
  mountPoint?: () => string | undefined,
): string {
  switch (reason) {
    case 'mode':
      // Whoever made the file chose its name, which could look like an option.
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
