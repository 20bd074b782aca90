/** A verdict in an audit log; docs/cli.md. */
export interface AuditLine {
  readonly allowed: boolean | null;
  readonly denied: boolean;
  readonly reason?: string;
  readonly errno?: string;
  readonly path?: string;
  readonly importer?: string;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The verdicts of a log, and how many lines say none: cut off, not of this kind, or lost when they were written. */
export function readAuditLines(text: string): { lines: AuditLine[]; unread: number } {
  const lines: AuditLine[] = [];
  let unread = 0;
  for (const line of text.split('\n').filter(Boolean)) {
    const found = parse(line);
    const { allowed, denied, dropped } = found ?? {};
    if (typeof dropped === 'number') unread += dropped;
    else if ((typeof allowed !== 'boolean' && allowed !== null) || typeof denied !== 'boolean') {
      unread += 1;
    } else {
      const strings = Object.fromEntries(
        (['reason', 'errno', 'path', 'importer'] as const)
          .map((name) => [name, found?.[name]] as const)
          .filter(([, value]) => typeof value === 'string'),
      );
      lines.push({ allowed, denied, ...strings });
    }
  }
  return { lines, unread };
}
