import { resolve } from 'node:path';

import { ObjectHasOwn } from './lib/primordials.js';

/*
 * The values of MAYEXEC_AUDIT_LOG and --audit-log. native/run/log_target.c has the same rules.
 */

/**
 * An fd, with the identity of its file if another process handed it on; a daemon; or a file by its
 * absolute path.
 */
export type LogTarget =
  | { readonly fd: number; readonly identity: string | undefined }
  | { readonly daemon: 'syslog' | 'journal' }
  | { readonly path: string };

const STREAMS: Readonly<Record<string, number>> = {
  '-': 1,
  stdout: 1,
  stderr: 2,
  '/dev/stdout': 1,
  '/dev/stderr': 2,
};
const FD = /^(?:\/dev\/fd\/|\/proc\/self\/fd\/|fd:)(\d{1,9})$/;
const HANDED_ON = /^fd:(\d{1,9})=(\d+:\d+)$/;
/** A URL, or another program's target. */
const SCHEME = /^[^/.:]+:/;

/** Throws an error that says what the target should be. */
export function readLogTarget(target: string): LogTarget {
  if (target === 'syslog' || target === 'journal') return { daemon: target };
  const fd = ObjectHasOwn(STREAMS, target) ? STREAMS[target] : FD.exec(target)?.[1];
  if (fd !== undefined) return { fd: +fd, identity: undefined };
  const [, handedOn, identity] = HANDED_ON.exec(target) ?? [];
  if (handedOn !== undefined) return { fd: +handedOn, identity };
  if (!SCHEME.test(target) && /[/.]/.test(target)) return { path: resolve(target) };
  if (target === '')
    throw new Error("'' is not stdout, stderr, fd:NUMBER, syslog or journal, and names no file");
  throw new Error(
    `'${target}' is not stdout, stderr, fd:NUMBER, syslog or journal. The name of a file has a '/' or a '.' in it: write ./${target}`,
  );
}

/** The target by which a child process finds the same fd. */
export function handedOnFd(fd: number, identity: string): string {
  return `fd:${fd}=${identity}`;
}
