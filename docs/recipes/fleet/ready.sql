-- Which hosts are ready: complete logs of so many days, and nothing that would be refused?
WITH seen AS (
  SELECT
    host,
    min(day) AS since,
    max(day) FILTER (day <= getvariable('today')) AS last,
    count(*) FILTER (refused AND day > getvariable('today') - getvariable('days')) AS refusals,
    count(*) FILTER (
      code AND path IS NOT NULL AND day > getvariable('today') - getvariable('days')
      AND (allowed IS NULL OR mechanism NOT IN ('at_execve_check', 'o_mayexec'))
    ) AS unasked
  FROM records
  GROUP BY host
)
SELECT
  host,
  CASE
    WHEN refusals > 0 THEN 'refusals'
    WHEN dropped + unread + future > 0 THEN 'lines lost'
    WHEN unasked > 0 THEN 'kernel cannot be asked'
    WHEN last IS NULL OR last < getvariable('today') - 1 THEN 'silent'
    WHEN since > getvariable('today') - getvariable('days') + 1 THEN 'too new'
    ELSE 'ready'
  END AS state,
  coalesce(refusals, 0) AS refusals,
  since,
  last
FROM losses LEFT JOIN seen USING (host)
ORDER BY state, host;
