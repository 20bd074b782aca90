-- Counts of today for Prometheus, as a file for node_exporter's textfile collector.
WITH counts AS (
  SELECT cause, count(*) AS records, count(DISTINCT host) AS hosts
  FROM records
  WHERE refused AND day = getvariable('today')
  GROUP BY cause
)
SELECT unnest([
  '# HELP mayexec_refusals Verdicts of today that refuse, or would.',
  '# TYPE mayexec_refusals gauge'
]) AS line
UNION ALL
(SELECT format('mayexec_refusals{{reason="{}"}} {}', regexp_replace(cause, '["\\\n]', '_', 'g'), records)
 FROM counts ORDER BY cause)
UNION ALL
SELECT unnest([
  '# HELP mayexec_refusing_hosts Hosts with such verdicts today.',
  '# TYPE mayexec_refusing_hosts gauge'
])
UNION ALL
(SELECT format('mayexec_refusing_hosts{{reason="{}"}} {}', regexp_replace(cause, '["\\\n]', '_', 'g'), hosts)
 FROM counts ORDER BY cause)
UNION ALL
SELECT unnest([
  '# HELP mayexec_lost_verdicts Verdicts that are missing from the logs.',
  '# TYPE mayexec_lost_verdicts gauge',
  format('mayexec_lost_verdicts {}', (SELECT sum(dropped + unread) FROM losses))
]);
