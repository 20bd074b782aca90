/** An emulated x86_64, for what User Mode Linux cannot do. */
export const qemu: readonly string[] = [
  ...['qemu-system-x86_64', '-accel', 'tcg', '-smp', '2', '-cpu', 'max'],
  ...['-nodefaults', '-display', 'none', '-serial', 'stdio', '-no-reboot'],
];
