// What use.mjs does, for a request.
import { ExecDeniedError, openMayExecSync, probe } from 'mayexec';

export const dynamic = 'force-dynamic';

function outcome(path) {
  try {
    openMayExecSync(path, { enforce: true }).closeSync();
    return 'handed over';
  } catch (error) {
    const typed = error instanceof ExecDeniedError && error.name === 'ExecDeniedError';
    return typed ? `refused: ${error.verdict.reason}` : `${error.name}: ${error.message}`;
  }
}

export function GET(request) {
  const { searchParams } = new URL(request.url);
  const [allowed, refused] = ['allowed', 'refused'].map((name) => searchParams.get(name));
  return new Response(`addon ${probe().addon.status}, ${outcome(allowed)}, ${outcome(refused)}`);
}
