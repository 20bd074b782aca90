-- What to put into the manifest: code that was loaded in these days, and what to do about it?
WITH loaded AS (
  SELECT
    path[length(getvariable('root')) + 1:] AS path,
    sha256,
    min(package) AS package,
    count(DISTINCT host) AS hosts,
    min(day) AS since
  FROM records
  WHERE code AND starts_with(path, getvariable('root')) AND sha256 IS NOT NULL
    AND day > getvariable('today') - getvariable('days')
  GROUP BY ALL
)
SELECT
  CASE
    WHEN count(*) OVER (PARTITION BY path) > 1 THEN 'decide: several contents'
    WHEN hosts < getvariable('hosts') THEN 'decide: few hosts'
    WHEN path IN (SELECT path FROM approved) THEN 'replace'
    ELSE 'add'
  END AS advice,
  coalesce(package, '') AS package,
  path,
  sha256,
  hosts,
  since
FROM loaded
WHERE NOT EXISTS (
  SELECT 1 FROM approved WHERE approved.path = loaded.path AND approved.sha256 = loaded.sha256
)
ORDER BY advice, package, path, sha256;
