import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeAgain } from '../../src/cli/results/judgeAgain.js';
import { compareResults } from '../../src/report/compare/compare.js';
import { comparisonPageText } from '../../src/report/html/comparisonPage.js';
import { runPageText } from '../../src/report/html/runPage.js';
import type { ScenarioResult } from '../../src/run/model/scenarioResult.js';
import { ExitCode, LabError } from '../../src/support/errors.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import { failed, inconclusive, passed } from '../unit/report/samples.js';
import { engine } from '../unit/report/document/samples.js';
import { accessProblems, open, openJob, startBrowser, type Reader } from './support/browser.js';

const place = mkdtempSync(join(tmpdir(), 'lvs-lab-page-'));
const fixtures = join(packageRoot, 'test', 'fixtures', 'runs');
const evil = `</template></script><script>alert(1)</script><img src=x onerror="alert(2)">' onload='alert(3)' \u0000\u001b[2J\u202e`;

let browser: Browser;
const files: Record<'library' | 'matrix' | 'hostile' | 'comparison', string> = {
  library: join(place, 'library.html'),
  matrix: join(place, 'matrix.html'),
  hostile: join(place, 'hostile', 'report.html'),
  comparison: join(place, 'comparison.html'),
};

const pageText = (results: readonly ScenarioResult[], beside = fixtures) =>
  runPageText(
    {
      version: '9.9.9',
      runId: 'abcd2345',
      results,
      engines: [engine],
      directory: beside,
      exitCode: ExitCode.ok,
    },
    beside,
  );

/** As many jobs as the library has, of its scenarios' names, with recorded evidence; one each that failed, broke, was undecided, or never ran. */
async function library(): Promise<readonly ScenarioResult[]> {
  const recorded = await Promise.all(
    ['close-server-first', 'healthy', 'flows', 'routed-nat-silent', 'ipv6-reset'].map((name) =>
      judgeAgain(join(fixtures, name)),
    ),
  );
  const ids = readdirSync(join(packageRoot, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[a-z-]+\/[a-z0-9-]+\.yaml$/.test(name))
    .map((name) => name.replace(/\.yaml$/, ''));
  const gone = { repeat: 1, directory: join(fixtures, 'none'), seconds: 1 };
  const error = new LabError('the guest kernel panicked', { hint: 'see console.log' });
  return [
    ...ids.map((id, index) => ({ ...recorded[index % recorded.length]!, scenario: id, job: id })),
    { ...gone, scenario: 't/fail', job: 't/fail', verdict: failed },
    { ...gone, scenario: 't/doubt', job: 't/doubt', verdict: inconclusive },
    { ...gone, scenario: 't/broke', job: 't/broke', error },
    { ...gone, scenario: 't/never', job: 't/never', notRun: 'deadline' },
  ];
}

function matrix(): readonly ScenarioResult[] {
  const kernels = ['debian:bookworm', 'debian:sid'];
  return ['t/a', 't/b', 't/c'].flatMap((id) =>
    kernels.flatMap((kernel) =>
      (['nft', 'legacy'] as const)
        .filter((iptables) => id !== 't/c' || iptables === 'nft')
        .map((iptables) => ({
          ...{
            scenario: id,
            job: `${id}@${iptables}`,
            repeat: 1,
            seconds: 3,
            directory: join(fixtures, 'none'),
          },
          verdict: kernel === 'debian:sid' && id === 't/b' ? failed : passed,
          cell: { kernel, image: undefined, iptables },
        })),
    ),
  );
}

/** A job in which every text that can be is hostile, and its result. */
async function hostile(): Promise<readonly ScenarioResult[]> {
  const job = join(place, 'hostile', 'a');
  cpSync(join(fixtures, 'close-server-first'), job, { recursive: true });
  const edit = (name: string, change: (text: string) => string): void => {
    writeFileSync(join(job, name), change(readFileSync(join(job, name), 'latin1')), 'latin1');
  };
  edit('scenario.yaml', (text) => text.replace(/^title: .*$/m, `title: ${JSON.stringify(evil)}`));
  edit('measured/director.final', (text) =>
    text.replaceAll(
      '-j REJECT',
      `-m comment --comment "${evil.replaceAll(/["\u0000]/g, '').slice(0, 120)}" -j REJECT`,
    ),
  );
  const result = await judgeAgain(job);
  const long = 'x'.repeat(5000);
  const error = new LabError(evil, { hint: evil, details: long });
  const cell = { kernel: evil, image: long, iptables: undefined };
  return [
    { ...result, scenario: evil, job: evil, cell } as ScenarioResult,
    {
      scenario: long,
      job: long,
      repeat: 1,
      directory: join(place, evil.replaceAll('\u0000', '')),
      seconds: 1,
      error,
    },
  ];
}

beforeAll(async () => {
  writeFileSync(files.library, await pageText(await library()));
  writeFileSync(files.matrix, await pageText(matrix()));
  writeFileSync(
    files.hostile,
    await pageText(await hostile(), join(place, 'hostile')).catch(async () =>
      pageText(await hostile(), place),
    ),
  );
  const sides = [passed, failed].map((verdict) => ({
    directory: place,
    results: [{ scenario: 't/a', job: 't/a', repeat: 1, directory: place, seconds: 1, verdict }],
    engines: [engine],
    document: { tool: { name: 'lvs-lab' as const, version: '1' }, mutated: false },
  })) as unknown as [Parameters<typeof compareResults>[0], Parameters<typeof compareResults>[1]];
  writeFileSync(files.comparison, await comparisonPageText(compareResults(...sides)));
  browser = await startBrowser();
}, 120_000);

afterAll(async () => {
  await browser.close();
  rmSync(place, { recursive: true, force: true });
});

/** Opens one job of each kind of the library. */
async function openSome(page: Page): Promise<void> {
  for (let index = 0; index < 5; index += 1) await openJob(page, index);
}

const widthOf = (page: Page) =>
  page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));

describe('the page of a run, in Chromium', () => {
  it.each<[string, keyof typeof files, Reader]>([
    ['the library, light', 'library', {}],
    ['the library, dark', 'library', { colorScheme: 'dark' }],
    ['the library on a phone, in Chinese', 'library', { width: 360, locale: 'zh-CN' }],
    ['a matrix', 'matrix', {}],
    ['a matrix, dark, on a phone', 'matrix', { colorScheme: 'dark', width: 360 }],
    ['hostile texts', 'hostile', {}],
    ['a comparison', 'comparison', {}],
    ['a comparison, dark', 'comparison', { colorScheme: 'dark' }],
  ])(
    'asks for nothing, complains of nothing, fits, and is for everybody: %s',
    async (_what, name, reader) => {
      const { page, requests, complaints } = await open(browser, files[name], reader);
      if (name === 'library') await openSome(page);
      if (name === 'hostile') await page.locator('details.job > summary').first().click();
      expect(await accessProblems(page)).toEqual([]);
      const { content, window } = await widthOf(page);
      expect(content).toBeLessThanOrEqual(window);
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('is seen by axe where it would not be for everybody', async () => {
    const { page } = await open(browser, files.matrix);
    await page.evaluate(() => {
      document.body.append(document.createElement('img'));
    });
    expect((await accessProblems(page)).join('\n')).toContain('image-alt');
    await page.context().close();
  });

  it('would ask, and complain, were it made to', async () => {
    const { page, complaints } = await open(browser, files.matrix);
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = 'https://example.invalid/x.png';
      document.body.append(image);
    });
    await expect.poll(() => complaints.join('\n')).toMatch(/Content Security Policy/);
    await page.context().close();
  });

  it('keeps hostile text as text, in the summary and in the details', async () => {
    const { page, complaints } = await open(browser, files.hostile);
    const job = page.locator('details.job').first();
    await job.locator('> summary').click();
    await job.locator('.more tr.blamed').first().waitFor();
    expect(await page.locator('img, iframe, object, .more script').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
    const shown = await job.textContent();
    expect(shown).toContain('<script>alert(1)</script><img src=x onerror="alert(2)">');
    expect(shown).toContain('\\u0000\\u001b[2J\\u202e');
    expect(await job.locator('tr.blamed').first().textContent()).toContain('--comment');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('unpacks a job when it is opened, and goes to the one that the address names', async () => {
    const { page } = await open(browser, files.library);
    const job = page.locator('details.job').nth(1);
    expect(await job.locator('svg').count()).toBe(0);
    const begun = Date.now();
    await page.locator('table.grid a').nth(1).click();
    await job.locator('svg').first().waitFor();
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(await job.evaluate((element) => (element as HTMLDetailsElement).open)).toBe(true);
    expect(await job.locator('h3').isVisible()).toBe(true);
    await page.context().close();
  });

  it('can be used by keyboard alone', async () => {
    const { page } = await open(browser, files.library);
    const summary = page.locator('details.job > summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.locator('details.job').first().locator('svg').first().waitFor();
    const folded = page.locator('details.job').first().locator('details.folded > summary').first();
    await folded.focus();
    await page.keyboard.press('Enter');
    expect(
      await page.locator('details.job').first().locator('details.folded table').first().isVisible(),
    ).toBe(true);
    await page.context().close();
  });

  it('shows the scenarios that were asked for, by words, result and outcome', async () => {
    const { page } = await open(browser, files.library);
    const rows = page.locator('table.grid tbody tr:visible');
    const all = await rows.count();
    expect(all).toBeGreaterThan(90);
    await page.getByLabel('Search').fill('CURES');
    const cures = await rows.allTextContents();
    expect(cures.length).toBeGreaterThan(3);
    expect(cures.filter((text) => !text.includes('cures/'))).toEqual([]);
    expect(await page.getByRole('status').textContent()).toContain(`${cures.length} / ${all}`);
    expect(await page.locator('details.job:visible').count()).toBe(cures.length);
    await page.getByLabel('Search').fill('');
    await page.locator('select[name=result]').selectOption('not-run');
    expect(await rows.allTextContents()).toEqual([expect.stringContaining('t/never')]);
    await page.locator('select[name=result]').selectOption('');
    await page.locator('select[name=outcome]').selectOption('close-blocked');
    expect(await rows.count()).toBeLessThan(all);
    await page.context().close();
  });

  it('can be read without JavaScript', async () => {
    const { page } = await open(browser, files.library, { javaScriptEnabled: false });
    expect(await page.locator('table.grid tbody tr').count()).toBeGreaterThan(90);
    expect(await page.locator('form.filters').isVisible()).toBe(false);
    await page.locator('table.grid a').first().click();
    expect(await page.locator('details.job').first().locator('.cause table').first().isVisible()).toBe(true);
    expect(await page.locator('.more .wait').first().isVisible()).toBe(true);
    await page.locator('#chinese').check();
    expect(await page.getByRole('heading', { name: '总览' }).isVisible()).toBe(true);
    expect(await page.getByRole('heading', { name: 'Overview' }).count()).toBe(0);
    await page.context().close();
  });

  it('speaks the language of its reader, and the other when told to', async () => {
    const { page } = await open(browser, files.library, { locale: 'zh-CN' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    expect(await page.getByRole('heading', { name: '总览' }).isVisible()).toBe(true);
    await page.locator('#english').check();
    expect(await page.getByRole('heading', { name: 'Overview' }).isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.context().close();
  });

  it('prints what is open, dark on white, without what only a screen has', async () => {
    const { page } = await open(browser, files.library, { colorScheme: 'dark' });
    const dark = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await dark()).not.toBe('rgb(255, 255, 255)');
    await openJob(page, 0);
    await page.emulateMedia({ media: 'print' });
    expect(await dark()).toBe('rgb(255, 255, 255)');
    expect(await page.locator('form.filters').isVisible()).toBe(false);
    expect(await page.locator('details.job svg').first().isVisible()).toBe(true);
    const { length } = await page.pdf();
    expect(length).toBeGreaterThan(20_000);
    await page.context().close();
  });

  it('opens in a blink with as many jobs as the library has', async () => {
    const begun = Date.now();
    const { page } = await open(browser, files.library);
    await page.locator('table.grid a').first().waitFor();
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(readFileSync(files.library).length).toBeLessThan(2_000_000);
    await page.context().close();
  });
});
