-- Reads all logs and the manifest into the database.
SET preserve_insertion_order = false; -- less memory: many small files need a seventh of it
CREATE OR REPLACE TABLE lines AS
SELECT
  * EXCLUDE (filename, host),
  host AS own_name,
  -- The folder, where the collector put it. A record says of itself what it likes.
  regexp_extract(filename, '([^/]+)/[^/]+$', 1) AS host,
  time::DATE AS day
FROM read_ndjson(
  getvariable('logs'),
  columns = {
    time: 'TIMESTAMP', pid: 'BIGINT', host: 'VARCHAR', uid: 'BIGINT', program: 'VARCHAR',
    container: 'VARCHAR', operation: 'VARCHAR', origin: 'VARCHAR', gate: 'VARCHAR',
    option: 'VARCHAR', variable: 'VARCHAR', why: 'VARCHAR', path: 'VARCHAR', dev: 'VARCHAR',
    ino: 'VARCHAR', package: 'VARCHAR', sha256: 'VARCHAR', allowed: 'BOOLEAN',
    binding: 'BOOLEAN', denied: 'BOOLEAN', wouldDeny: 'BOOLEAN', mechanism: 'VARCHAR',
    errno: 'VARCHAR', reason: 'VARCHAR', importer: 'VARCHAR', child: 'JSON',
    text: 'VARCHAR', textLength: 'BIGINT', dropped: 'BIGINT'
  },
  -- A line that cannot be read becomes a row of NULLs. The view losses counts it.
  ignore_errors = true,
  maximum_object_size = 1048576,
  filename = true
);

-- One row for each verdict about code. Programs that were started, and the text of standard input
-- beside the verdict about its fd, are in lines only.
CREATE OR REPLACE VIEW records AS
SELECT
  *,
  -- A log of an older mayexec does not say whether a file is data.
  denied OR coalesce(wouldDeny, allowed IS DISTINCT FROM true) AS refused,
  coalesce(
    reason,
    CASE
      WHEN gate IS NOT NULL THEN 'gate'
      WHEN option IS NOT NULL OR variable IS NOT NULL THEN 'option'
      WHEN path IS NULL AND operation = 'start' THEN 'start'
      WHEN path IS NULL THEN 'no-file'
    END,
    errno,
    'none'
  ) AS cause,
  coalesce(path, concat_ws(' ', variable, coalesce(option, gate)), '') AS named,
  coalesce(nullif(named, ''), origin, operation, '') AS what,
  gate IS NULL AND option IS NULL AND variable IS NULL AND NOT coalesce(path LIKE '%.json', false)
    AS code
FROM lines
WHERE denied IS NOT NULL AND time IS NOT NULL
  AND origin IS DISTINCT FROM 'child-process'
  AND (origin IS DISTINCT FROM 'stdin' OR dev IS NOT NULL);

-- What is missing from the log of a host.
CREATE OR REPLACE VIEW losses AS
SELECT
  host,
  coalesce(sum(greatest(dropped, 1)) FILTER (dropped IS NOT NULL), 0) AS dropped,
  count(*) FILTER (dropped IS NULL AND (denied IS NULL OR time IS NULL)) AS unread,
  count(*) FILTER (day > getvariable('today')) AS future
FROM lines
GROUP BY host;

CREATE OR REPLACE TABLE approved AS
SELECT unnest(
  from_json(json_extract(content, '$.files'), '[{"path":"VARCHAR","sha256":"VARCHAR"}]'),
  recursive := true
)
FROM read_text(getvariable('manifest'));
