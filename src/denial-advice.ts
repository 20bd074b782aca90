import type { DenialReason } from './verdict.js';

/** Each reason of a denial, in words. */
export const causes: Readonly<Record<DenialReason, string>> = {
  mode: 'no execute permission for this user',
  'noexec-mount': 'on a mount with the noexec option',
  'not-regular': 'not a regular file',
  'security-module': 'refused by a security module (IMA, IPE, Landlock, SELinux, AppArmor)',
};

/**
 * What would change the verdict. `file` is the file's name as one word of a shell
 * command, and `mount` the mount point of the file, where that is known.
 */
export function fix(reason: DenialReason, file: string, mount?: string): string {
  switch (reason) {
    case 'mode':
      return `chmod +x ${file}`;
    case 'noexec-mount': {
      const remount =
        mount === undefined ? 'remount that one with exec' : `mount -o remount,bind,exec ${mount}`;
      return `install it on a mount that allows execution, or ${remount}`;
    }
    case 'not-regular':
      return 'name the script file itself';
    case 'security-module':
      return 'sign, label or allow it as the policy asks (after mayexec run --allow-exec: name its directory there); the audit log of the kernel names the module';
  }
}
