import { createHash } from 'node:crypto';

import { countBy } from '../group.js';
import type { Unread } from '../read-audit-log.js';
import { amount, grouped } from '../terminal.js';
import { helpFor, meaningOf } from './causes.js';
import { stackedBars } from './chart.js';
import { DAY_MS, type Day, type Evidence, type Host, type Refusal } from './evidence.js';
import type { Installed } from './installed.js';
import { Markup, markup, type Content } from './markup.js';
import { script } from './script.js';
import { nextSteps, type Given, type Step } from './steps.js';
import { style } from './style.js';
import { bar, tableOf } from './table.js';
import { countThings, verdictOf, type Verdict } from './verdict.js';

/** The largest number of rows in each table, and of days in a chart. */
const ROWS = { files: 1000, packages: 500, hosts: 200, causes: 50 };
const DAYS = 60;
/** How many causes have their own colour. */
const COLOURS = 5;
const OTHER_COLOUR = 'c5';

export const dayName = (day: number): string =>
  Number.isFinite(day) ? new Date(day * DAY_MS).toISOString().slice(0, 10) : '';

const filterLink = (text: string): Markup =>
  markup`<a href="#files" data-filter="${text.toLowerCase()}">${text}</a>`;

function stepItem({ title, text, commands }: Step): Markup {
  const lines = commands.map(
    (command) => markup`<div class="line"><pre class="command">${command}</pre></div>`,
  );
  return markup`<li><h3>${title}</h3><p>${text}</p>${lines}</li>\n`;
}

/** The days of the charts: all days up to the last one, with or without a record. */
function chartDays(days: ReadonlyMap<number, Day>): number[] {
  const last = Math.max(...days.keys());
  const first = Math.max(Math.min(...days.keys()), last - DAYS + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** A colour for each of the most frequent causes. */
function coloursOf({ days }: Evidence): Map<string, string> {
  const sums = new Map<string, number>();
  for (const { causes } of days.values()) {
    for (const [cause, count] of causes) sums.set(cause, (sums.get(cause) ?? 0) + count);
  }
  const most = [...sums].sort((a, b) => b[1] - a[1]).slice(0, COLOURS);
  return new Map(most.map(([cause], i) => [cause, `c${i}`]));
}

function charts({ days }: Evidence, colours: ReadonlyMap<string, string>): Markup | undefined {
  if (days.size === 0) return undefined;
  const shown = chartDays(days);
  const names = shown.map(dayName);
  const ofCause = (has: (cause: string) => boolean): number[] =>
    shown.map((day) =>
      [...(days.get(day)?.causes ?? [])].reduce(
        (sum, [cause, count]) => sum + (has(cause) ? count : 0),
        0,
      ),
    );
  const causes = [...colours].map(([name, colour]) => ({
    name,
    colour,
    values: ofCause((cause) => cause === name),
  }));
  const others = ofCause((cause) => !colours.has(cause));
  if (others.some((value) => value > 0)) {
    causes.push({ name: 'other causes', colour: OTHER_COLOUR, values: others });
  }
  const hostsOf = (count: (day: Day) => number): number[] =>
    shown.map((day) => {
      const found = days.get(day);
      return found === undefined ? 0 : count(found);
    });
  const byCause =
    causes.length > 0 && stackedBars('What would be refused, by cause', names, causes);
  return markup`<h2>Day by day</h2><div class="charts">${byCause || undefined}${stackedBars(
    'Hosts with records',
    names,
    [
      {
        name: 'something would be refused',
        colour: 'c0',
        values: hostsOf((day) => day.refusingHosts),
      },
      { name: 'nothing', colour: 'c4', values: hostsOf((day) => day.hosts - day.refusingHosts) },
    ],
  )}</div>`;
}

function byCauseAndPackage(
  open: readonly Refusal[],
  colours: ReadonlyMap<string, string>,
): Content {
  const byCause = countBy(open, ({ cause }) => cause);
  const byPackage = countBy([...new Set(open.map(({ subject }) => subject))], (one) => one.package);
  const most = byPackage[0]?.[1] ?? 1;
  return [
    markup`<h2>What would be refused</h2>`,
    tableOf({ caption: 'by cause', most: ROWS.causes }, byCause, [
      { head: 'cause', kind: 'cause', cell: ([cause]) => filterLink(cause) },
      { head: 'files', kind: 'number', cell: ([, count]) => grouped(count) },
      {
        head: '',
        kind: 'bar wide',
        cell: ([cause, count]) => bar(count / open.length, colours.get(cause) ?? OTHER_COLOUR),
      },
      { head: 'meaning', kind: 'prose', cell: ([cause]) => meaningOf(cause) },
      { head: 'what helps', kind: 'prose wide', cell: ([cause]) => helpFor(cause) },
    ]),
    markup`<h2>In which packages</h2>`,
    tableOf({ caption: 'by package', most: ROWS.packages }, byPackage, [
      { head: 'package', kind: 'name', cell: ([owner]) => filterLink(owner) },
      { head: 'files', kind: 'number', cell: ([, count]) => grouped(count) },
      { head: '', kind: 'bar', cell: ([, count]) => bar(count / most, 'c0') },
    ]),
  ];
}

function files(open: readonly Refusal[]): Content {
  const worst = [...open].sort((a, b) => b.hosts - a.hosts || b.subject.times - a.subject.times);
  return [
    markup`<h2>Which files</h2>`,
    tableOf(
      { id: 'files', caption: 'each file, and what else would be refused', most: ROWS.files },
      worst,
      [
        { head: 'file', kind: 'name', cell: ({ subject }) => subject.what },
        { head: 'cause', kind: 'cause', cell: ({ cause }) => cause },
        { head: 'package', kind: 'wide', cell: ({ subject }) => subject.package },
        {
          head: 'hosts',
          kind: 'number',
          cell: ({ hosts, host }) => markup`<span title="${host}">${grouped(hosts)}</span>`,
        },
        { head: 'records', kind: 'number wide', cell: ({ subject }) => grouped(subject.times) },
        { head: 'since', kind: 'date wide', cell: ({ subject }) => dayName(subject.firstDay) },
        { head: 'last', kind: 'date wide', cell: ({ subject }) => dayName(subject.lastDay) },
      ],
    ),
  ];
}

function stateOf({ open, unasked }: Host): string {
  if (open > 0) return 'would refuse';
  return unasked > 0 ? 'its kernel cannot be asked' : 'nothing would be refused';
}

function hosts({ hosts: all }: Evidence): Content {
  if (all.length === 0) return undefined;
  const worst = [...all].sort((a, b) => b.open - a.open || b.unasked - a.unasked);
  const most = Math.max(1, worst[0]?.open ?? 1);
  return [
    markup`<h2>On which hosts</h2>`,
    tableOf({ id: 'hosts', caption: 'by host', most: ROWS.hosts }, worst, [
      { head: 'host', kind: 'name', cell: ({ name }) => name },
      { head: 'state', cell: stateOf },
      {
        head: 'files',
        kind: 'number',
        cell: ({ open }) => (open === 0 ? undefined : grouped(open)),
      },
      {
        head: '',
        kind: 'bar',
        cell: ({ open }) => (open === 0 ? undefined : bar(open / most, 'c0')),
      },
      { head: 'records', kind: 'number wide', cell: ({ records }) => grouped(records) },
      { head: 'first', kind: 'date wide', cell: ({ firstDay }) => dayName(firstDay) },
      { head: 'last', kind: 'date wide', cell: ({ lastDay }) => dayName(lastDay) },
    ]),
  ];
}

function packages({ subjects }: Evidence, installed: Installed | undefined): Content {
  const files = subjects.filter(({ isFile, what }) => isFile && !what.endsWith('.json'));
  const loaded = countBy(files, ({ package: owner }) => owner);
  const known = new Set(loaded.map(([owner]) => owner));
  const all = installed?.packages;
  const idle = [...(all ?? [])]
    .filter(([owner]) => !known.has(owner))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const idleFiles = idle.reduce((sum, [, count]) => sum + count, 0);
  const list = tableOf({ id: 'loaded', caption: 'loaded', most: ROWS.packages }, loaded, [
    { head: 'package', kind: 'name', cell: ([owner]) => owner },
    { head: 'files loaded', kind: 'number', cell: ([, count]) => grouped(count) },
    ...(all === undefined
      ? []
      : [
          {
            head: 'of code',
            kind: 'number',
            cell: ([owner]: [string, number]) => grouped(all.get(owner) ?? 0),
          },
        ]),
  ]);
  if (installed === undefined) {
    return [
      markup`<h2>Which packages load</h2><p class="soft">With --scan DIR this page also lists the packages that never load.</p>`,
      markup`<details><summary>${amount(loaded.length, 'package')}, ${amount(files.length, 'file')}</summary>${list}</details>`,
    ];
  }
  const scanned =
    installed.refused === undefined
      ? 'The kernel of this machine cannot be asked about them.'
      : `The kernel of this machine would refuse ${amount(installed.refused, 'file')} of them now.`;
  return [
    markup`<h2>Which packages load, and which never do</h2>
<p>${amount(installed.code, 'file')} of code in ${installed.root}. ${scanned} ${amount(idle.length, 'package')} with ${amount(idleFiles, 'file')} never loaded in these logs. They need no x bit: seal by the logs, or by a manifest without them.</p>`,
    markup`<details><summary>${amount(loaded.length, 'package')} loaded</summary>${list}</details>`,
    markup`<details><summary>${amount(idle.length, 'package')} never loaded</summary>${tableOf(
      { id: 'idle', caption: 'never loaded', most: ROWS.packages },
      idle,
      [
        { head: 'package', kind: 'name', cell: ([owner]) => owner },
        { head: 'files of code', kind: 'number', cell: ([, count]) => grouped(count) },
      ],
    )}</details>`,
  ];
}

function numbers(evidence: Evidence, open: readonly Refusal[]): Markup {
  const refusing = evidence.hosts.filter((host) => host.open > 0).length;
  const facts: [string, string][] = [
    ['files', grouped(countThings(open).files)],
    ['packages', grouped(new Set(open.map(({ subject }) => subject.package)).size)],
    ['hosts', `${grouped(refusing)} of ${grouped(evidence.hosts.length)}`],
    ['records read', grouped(evidence.records)],
  ];
  return markup`<dl class="numbers">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function span({ days }: Evidence): string {
  if (days.size === 0) return 'no day';
  const first = dayName(Math.min(...days.keys()));
  const last = dayName(Math.max(...days.keys()));
  return first === last ? first : `${first} to ${last}`;
}

const hashOf = (text: string): Markup =>
  new Markup(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);

/** The whole page, and the verdict at its top. The page loads nothing. */
export function pageOf(
  evidence: Evidence,
  unread: Unread,
  installed: Installed | undefined,
  given: Given,
): { text: string; verdict: Verdict } {
  const open = evidence.refusals();
  const still = new Set(open.map(({ subject }) => subject));
  const ever = evidence.subjects.filter(({ times }) => times > 0);
  const resolved = ever.filter((subject) => !still.has(subject)).length;
  const verdict = verdictOf(evidence, open, unread);
  const colours = coloursOf(evidence);
  const steps = nextSteps(open, verdict.isComplete, evidence, given).map(stepItem);
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${verdict.title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<h1>mayexec: the audit logs of ${span(evidence)}</h1>
<section class="verdict ${verdict.state}"><strong>${verdict.title}</strong><p>${verdict.text}</p></section>
${numbers(evidence, open)}
${verdict.warnings.length === 0 ? undefined : markup`<ul class="warnings">${verdict.warnings.map((one) => markup`<li>${one}</li>`)}</ul>`}
<h2>What to do next</h2>
<ol class="steps">
${steps}</ol>
${charts(evidence, colours)}
${resolved === 0 ? undefined : markup`<p class="soft">${amount(resolved, 'file')} would have been refused earlier, and not any more.</p>`}
${open.length === 0 ? undefined : byCauseAndPackage(open, colours)}
${hosts(evidence)}
${open.length === 0 ? undefined : files(open)}
${packages(evidence, installed)}
<footer>Made by mayexec report. A log says what a program did while it was written, and hostile code can forge it.</footer>
</main>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return { text, verdict };
}
