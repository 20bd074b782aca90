export { checkExec, checkExecSync, type CheckOptions } from './check.js';
export { checkInteractive, type InteractiveOptions } from './interactive.js';
export { constants } from './constants.js';
export {
  ExecDeniedError,
  FileBusyError,
  FileTypeError,
  InvalidArgumentError,
  NotFoundError,
  PathEscapeError,
  PermissionError,
  ResourceError,
  RetryError,
  SymlinkError,
  SyscallError,
  UnsupportedError,
  type UnsupportedReason,
} from './errors.js';
export { enforcePolicy } from './enforce-policy.js';
export { ExecFile, type StatOptions, type StreamOptions } from './exec-file.js';
export { openat2, openat2Sync, type OpenHow } from './openat2.js';
export { openMayExec, openMayExecSync, type OpenOptions } from './open-may-exec.js';
export { readMayExec, readMayExecSync, type ReadOptions } from './read-may-exec.js';
export { probe, type Dialect, type Feature, type Probe, type Status } from './probe.js';
export { readFirstMayExec, readFirstMayExecSync, type Found } from './read-first.js';
export { restrictExec, type ExecRestriction, type RestrictExecOptions } from './restrict-exec.js';
export { getSecurebits, setSecurebits, type Securebits } from './securebits.js';
export type { AuditMessage } from './audit.js';
export { openSystemLog, type SystemLogOptions } from './system-log.js';
export { openAuditLog, type AuditLogOptions } from './audit-log.js';
export type { AuditLog, LogRecords } from './audit-writer.js';
export type { FdLike, PathLike, Resolve } from './arguments.js';
export type { Origin } from './origin.js';
export type { DenialReason, Mechanism, Verdict } from './verdict.js';
