// A reporter of node:test: the files of the report of coverage, and its sums.
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:coverage') continue;
    for (const { path, coveredLineCount } of data.summary.files)
      yield `${path}: ${coveredLineCount} lines\n`;
    yield `${JSON.stringify(data.summary.totals)}\n`;
  }
}
