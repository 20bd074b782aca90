-- A manifest of what enough hosts have loaded in these days, each file with the same content.
WITH loaded AS (
  SELECT
    path[length(getvariable('root')) + 1:] AS path,
    min(sha256) AS sha256,
    min(package) AS package
  FROM records
  WHERE code AND starts_with(path, getvariable('root'))
    AND day > getvariable('today') - getvariable('days')
  GROUP BY ALL
  HAVING count(DISTINCT sha256) = 1 AND count(DISTINCT host) >= getvariable('hosts')
),
entries AS (
  SELECT
    path,
    '{"path":' || to_json(path) || ',"sha256":"' || sha256 || '","mode":"0644"'
      || coalesce(',"package":' || to_json(package), '') || '}' AS entry
  FROM loaded
  -- A name that is not UTF-8 has U+FFFD in the log, which is not its name.
  WHERE regexp_full_match(sha256, '[0-9a-f]{64}') AND NOT contains(path, chr(65533))
)
SELECT
  '{"mayexecManifest":1,"extensions":[],"files":[' || chr(10)
    || string_agg(entry, ',' || chr(10) ORDER BY path) || chr(10) || ']}' AS manifest
FROM entries;
