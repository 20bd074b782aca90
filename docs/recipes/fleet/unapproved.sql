-- What loads that nobody approved: its content is not in the manifest under its name?
WITH loaded AS (
  SELECT *, CASE WHEN starts_with(path, getvariable('root')) THEN path[length(getvariable('root')) + 1:] END AS place
  FROM records
  WHERE code
)
SELECT
  CASE
    WHEN path IS NULL THEN 'no file'
    WHEN place IS NULL THEN 'outside'
    WHEN sha256 IS NULL THEN 'no hash'
    WHEN place IN (SELECT path FROM approved) THEN 'changed'
    WHEN sha256 IN (SELECT sha256 FROM approved) THEN 'renamed'
    ELSE 'new'
  END AS state,
  coalesce(package, '') AS package,
  what,
  coalesce(sha256, '') AS sha256,
  count(DISTINCT host) AS hosts,
  min(host) AS example,
  min(day) AS since,
  max(day) AS last
FROM loaded
WHERE NOT EXISTS (
  SELECT 1 FROM approved WHERE approved.path = loaded.place AND approved.sha256 = loaded.sha256
)
GROUP BY ALL
ORDER BY state, hosts DESC, package, what, sha256;
