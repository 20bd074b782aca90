// Hooks on a thread of their own, which give another text.
export async function load(url, context, next) {
  const result = await next(url, context);
  if (!url.endsWith('/allowed.mjs')) return result;
  return { ...result, source: 'export default "another text";' };
}
