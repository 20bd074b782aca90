/** `mayexec report`: the page in a browser, as a reader has it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';

import { findProgram } from '../../lab/installed.js';
import { printable } from '../../src/cli/terminal.js';
import { withPrograms } from '../support/other-programs.js';
import { mayexec, temporary, tree } from './run.js';

const HOSTILE = `/srv/app/'"><img src=http://127.0.0.1:9/x onerror=alert(1)><script>alert(2)</script>\u202e&lt;.js`;

/** The page of a log with two causes, two hosts, three days and hostile names. */
async function makePage(): Promise<string> {
  const folder = temporary();
  const [log, html] = [join(folder, 'app.jsonl'), join(folder, 'report.html')];
  const record = (day: number, path: string, fields: object = {}): string =>
    JSON.stringify({
      time: `2026-03-0${day}T08:00:00.000Z`,
      host: 'web-1',
      program: '/srv/app/server.js',
      package: 'app@1.0.0',
      path,
      ...{ allowed: false, denied: false, wouldDeny: true, mechanism: 'at_execve_check' },
      ...{ errno: 'EACCES', reason: 'mode' },
      ...fields,
    });
  const long = `/srv/app/${'a-very-long-name/'.repeat(60)}x.js`;
  const lines = [
    record(1, '/srv/app/a.js'),
    record(1, '/srv/app/b.js'),
    record(3, '/srv/app/c.js', { reason: 'noexec-mount', host: 'web-2' }),
    record(3, HOSTILE, { package: HOSTILE, host: HOSTILE, program: HOSTILE }),
    record(3, long, { package: undefined }),
    record(3, '/srv/app/d.js', { allowed: true, wouldDeny: false }),
  ];
  writeFileSync(log, `${lines.join('\n')}\n`);
  const scan = tree({
    'package.json': '{"name":"app","version":"1.0.0"}',
    'a.js': '',
    'node_modules/idle/package.json': '{"name":"idle","version":"1.0.0"}',
    'node_modules/idle/index.js': '',
  });
  await mayexec(['report', '--from-audit', log, '--html', html, '--scan', scan]);
  return html;
}

const made: { browser?: Browser; file?: string } = {};
afterAll(() => made.browser?.close());

/** Opens the page. What the browser complains of, asks for or shows beside it is in `noticed`. */
async function opened(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; noticed: string[] }> {
  made.browser ??= await chromium.launch({
    executablePath: findProgram('chromium-headless-shell') ?? '',
    args: ['--no-sandbox'],
    // The sanitizers are for the addon.
    env: { ...process.env, LD_PRELOAD: '' },
  });
  made.file ??= await makePage();
  const url = pathToFileURL(made.file).href;
  const context = await made.browser.newContext(options);
  const page = await context.newPage();
  const noticed: string[] = [];
  page.on('console', (message) => noticed.push(message.text()));
  page.on('pageerror', (error) => noticed.push(error.message));
  page.on('dialog', (dialog) => {
    noticed.push('a dialog');
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== url) noticed.push(request.url());
  });
  await page.goto(url);
  return { page, noticed };
}

const inChromium = withPrograms('chromium-headless-shell');

inChromium('it says in its first lines what would be refused, and what to do', async () => {
  const { page, noticed } = await opened({ viewport: { width: 1280, height: 900 } });
  const bottomOf = async (selector: string): Promise<number> => {
    const box = await page.locator(selector).first().boundingBox();
    return (box?.y ?? Infinity) + (box?.height ?? 0);
  };
  expect(await page.locator('.verdict strong').innerText()).toBe('5 files would be refused');
  expect(await bottomOf('.verdict')).toBeLessThan(300);
  expect(await bottomOf('pre.command')).toBeLessThan(900);
  expect(noticed).toEqual([]);
});

inChromium('hostile names are shown as they are, and do nothing', async () => {
  const { page, noticed } = await opened();
  const names = await page.locator('#files td:first-child').allInnerTexts();
  expect(names).toContain(printable(HOSTILE));
  expect(await page.locator('img').count()).toBe(0);
  expect(noticed).toEqual([]);
});

inChromium('its policy stops a script, a style and a request that are not its own', async () => {
  const { page } = await opened();
  const tried = await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    document.body.setAttribute('style', 'color: rgb(1, 2, 3)');
    fetch('http://127.0.0.1:9/').catch(({ message }) => message).then((fetched) => ({
      ran: window.ran === true,
      coloured: getComputedStyle(document.body).color === 'rgb(1, 2, 3)',
      fetched,
    }))`);
  expect(tried).toMatchObject({ ran: false, coloured: false });
  const violations = await page.evaluate(`new Promise((done) => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => done(effectiveDirective));
    fetch('http://127.0.0.1:9/').catch(() => undefined);
  })`);
  expect(violations).toBe('connect-src');
});

inChromium(
  'a click on a cause or a package leaves its files, and a word filters them',
  async () => {
    const { page, noticed } = await opened();
    const shown = (): Promise<string[]> =>
      page.locator('#files tbody tr:visible td:first-child').allInnerTexts();
    expect(await shown()).toHaveLength(5);
    await page.locator('a[data-filter="noexec-mount"]').click();
    expect(await shown()).toEqual(['/srv/app/c.js']);
    const filter = page.getByLabel('filter each file');
    expect(await filter.inputValue()).toBe('noexec-mount');
    await filter.fill('B.js APP@1.0.0');
    expect(await shown()).toEqual(['/srv/app/b.js']);
    expect(await page.locator('.filter output').nth(1).innerText()).toBe('1 of 5');
    await filter.fill('');
    expect(await shown()).toHaveLength(5);
    expect(noticed).toEqual([]);
  },
);

inChromium('a click copies a command, byte for byte', async () => {
  const { page } = await opened({ permissions: ['clipboard-read', 'clipboard-write'] });
  const command = page.locator('.line').first();
  await command.getByRole('button').click();
  await command.getByText('copied').waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
    await command.locator('pre').textContent(),
  );
});

inChromium('the packages that never load are behind a click', async () => {
  const { page } = await opened();
  const idle = page.locator('#idle');
  expect(await idle.isVisible()).toBe(false);
  await page.getByText('1 package never loaded').click();
  expect(await idle.locator('td').allInnerTexts()).toEqual(['idle@1.0.0', '1']);
});

/** The relative luminance of WCAG. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/\d+/g) ?? [])
    .map((value) => Number(value) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 400]) {
    inChromium(`${colorScheme}, ${width} pixels wide: readable, and no wider`, async () => {
      const { page, noticed } = await opened({ colorScheme, viewport: { width, height: 800 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const pairs = await page.evaluate<[string, string, string][]>(`
        ['body', '.verdict strong', '.verdict p', 'caption', 'footer', 'pre', 'a', 'th', 'dt', 'summary'].map((selector) => {
          const element = document.querySelector(selector);
          let behind = element;
          const of = (one) => getComputedStyle(one).backgroundColor;
          while (of(behind) === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
          return [selector, getComputedStyle(element).color, of(behind)];
        })`);
      for (const [selector, ink, paper] of pairs) {
        const [a, b] = [luminance(ink), luminance(paper)];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        expect(contrast, `${selector}: ${ink} on ${paper}`).toBeGreaterThan(4.5);
      }
      const [, , paper = ''] = pairs[0] ?? [];
      expect(luminance(paper) > 0.5).toBe(colorScheme === 'light');
      expect(noticed).toEqual([]);
    });
  }
}

inChromium('on paper it is light, whole, and without buttons', async () => {
  const { page } = await opened({ colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  expect(paper).toBe('rgb(255, 255, 255)');
  expect(await page.locator('button:visible').count()).toBe(0);
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
  expect(await page.locator('#idle').isVisible()).toBe(true);
  await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
  expect(await page.locator('#idle').isVisible()).toBe(false);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

inChromium('without scripts everything is there but the buttons', async () => {
  const { page } = await opened({ javaScriptEnabled: false });
  expect(await page.locator('#files tbody tr').count()).toBe(5);
  expect(await page.locator('svg.chart').count()).toBe(2);
  expect(await page.locator('button').count()).toBe(0);
});
