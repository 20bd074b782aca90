-- What would be refused, where, since when, and in which package?
SELECT
  coalesce(package, '') AS package,
  cause,
  what,
  count(DISTINCT host) AS hosts,
  min(host) AS example,
  count(*) AS records,
  count(*) FILTER (denied) AS denied,
  min(day) AS since,
  max(day) AS last
FROM records
WHERE refused
GROUP BY ALL
ORDER BY hosts DESC, records DESC, package, cause, what;
