-- What changed since yesterday?
WITH days AS (SELECT getvariable('today') AS today, getvariable('today') - 1 AS yesterday),
code AS (
  SELECT what, coalesce(sha256, '') AS detail, min(day) AS since, count(DISTINCT host) AS hosts
  FROM records WHERE code GROUP BY ALL
),
refusals AS (
  SELECT what, cause AS detail, min(day) AS since,
    max(day) FILTER (day <= today) AS last, count(DISTINCT host) AS hosts
  FROM records, days WHERE refused GROUP BY ALL
),
senders AS (
  SELECT host AS what, '' AS detail, min(day) AS since,
    max(day) FILTER (day <= today) AS last, 1 AS hosts
  FROM records, days GROUP BY host
)
SELECT 'new code' AS change, what, detail, hosts FROM code, days WHERE since = today
UNION ALL
SELECT 'new refusal', what, detail, hosts FROM refusals, days WHERE since = today
UNION ALL
SELECT 'refused no more', what, detail, hosts FROM refusals, days WHERE last = yesterday
UNION ALL
SELECT 'new host', what, detail, hosts FROM senders, days WHERE since = today
UNION ALL
SELECT 'silent host', what, detail, hosts FROM senders, days WHERE last = yesterday
ORDER BY change, hosts DESC, what, detail;
