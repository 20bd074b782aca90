/** The four cases of the policy: what a test calls each, and its securebits. */
export const policies = [
  ['no securebit', {}],
  ['RESTRICT_FILE', { restrictFile: true }],
  ['DENY_INTERACTIVE', { denyInteractive: true }],
  ['both', { restrictFile: true, denyInteractive: true }],
] as const;
