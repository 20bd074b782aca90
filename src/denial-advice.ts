import type { DenialReason } from './verdict.js';

/** Each reason of a denial, in words. */
export const causes: Readonly<Record<DenialReason, string>> = {
  mode: 'no execute permission for this user',
  'noexec-mount': 'on a mount where nothing can be executed (noexec)',
  'not-regular': 'not a regular file',
  'security-module':
    'refused by a security module (IMA, IPE, Landlock, SELinux, Smack, AppArmor, BPF)',
  fanotify:
    'refused by a program that watches executions (a fanotify daemon such as fapolicyd, or BPF)',
};

/** What is known about the place of a file. */
export interface Place {
  /** The mount point, quoted for a shell. */
  readonly mount?: string | undefined;
  /** Whether the kernel generates the file's content, as in procfs. */
  readonly kernelFile?: boolean;
}

/** How to change the verdict. `file` is the file's name, quoted for a shell. */
export function fix(reason: DenialReason, file: string, place: Place = {}): string {
  if (place.kernelFile === true) {
    return 'put the code into a file of your own: the kernel makes up what this one holds, so no mode and no mount option makes it a program';
  }
  const { mount } = place;
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
      return 'sign, label or allow it as the policy asks (after mayexec run --allow-exec: name its directory there); the audit log of the kernel names the module, unless it is a BPF program: bpftool prog lists it, with the type lsm';
    case 'fanotify':
      return 'let that program trust it (with fapolicyd: fapolicyd-cli --file add, then fapolicyd-cli --update); its own log says why it refused, and bpftool prog lists a BPF program, with the type lsm';
  }
}
