import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessProblems, open, openJob, startBrowser, type Reader } from './support/browser.js';
import { makePages, type Pages } from './support/recordedPages.js';

const place = mkdtempSync(join(tmpdir(), 'lvs-lab-page-'));
let browser: Browser;
let files: Pages;

beforeAll(async () => {
  files = await makePages(place);
  browser = await startBrowser();
});

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
  it.each<[string, keyof Pages, Reader]>([
    ['each kind of result, light', 'kinds', {}],
    ['each kind of result, dark', 'kinds', { colorScheme: 'dark' }],
    ['each kind of result, on a phone, in Chinese', 'kinds', { width: 360, locale: 'zh-CN' }],
    ['the library', 'library', {}],
    ['a matrix', 'matrix', {}],
    ['a matrix, dark, on a phone', 'matrix', { colorScheme: 'dark', width: 360 }],
    ['a merge', 'merged', {}],
    ['hostile texts', 'hostile', {}],
    ['hostile texts, on a phone', 'hostile', { width: 360 }],
    ['a comparison', 'comparison', {}],
    ['a comparison, dark', 'comparison', { colorScheme: 'dark' }],
  ])(
    'asks for nothing, complains of nothing, fits, and is for everybody: %s',
    async (_what, name, reader) => {
      const { page, requests, complaints } = await open(browser, files[name], reader);
      if (name === 'kinds') await openSome(page);
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

  it('has what a matrix came to as a grid, and a merge of its shards has the same', async () => {
    const [whole, merged] = await Promise.all(
      [files.matrix, files.merged].map(async (file) => {
        const { page } = await open(browser, file);
        const grid = page.locator('table.grid');
        const heads = await grid.locator('thead th').allInnerTexts();
        const rows = await grid.locator('tbody tr').allInnerTexts();
        await openJob(page, 0);
        const kept = await page.locator('details.job').first().locator('svg').count();
        await page.context().close();
        return { heads, rows, kept };
      }),
    );
    expect(merged).toEqual(whole);
    expect(whole?.heads.slice(1)).toEqual(
      ['debian:sid', 'debian:bookworm'].flatMap((kernel) =>
        ['legacy', 'nft'].map((flavour) => `kernel ${kernel}\niptables ${flavour}`),
      ),
    );
    const blocked = whole?.rows.filter((row) => row.match(/close-blocked/g)?.length === 4);
    expect(blocked?.length).toBe(4);
    expect(whole?.rows.filter((row) => row.match(/broke/g)?.length === 4).length).toBe(1);
    expect(whole?.kept).toBeGreaterThan(1);
  });

  it('draws what a raw-socket load did over time, with a table behind each drawing', async () => {
    const { page } = await open(browser, files.kinds);
    await openJob(page, 2);
    const load = page
      .locator('details.job')
      .nth(2)
      .locator('section', { hasText: 'The raw-socket load' })
      .last();
    const plots = load.locator('figure');
    expect(await plots.count()).toBe(3);
    expect(await plots.locator('svg path, svg polyline').count()).toBeGreaterThan(3);
    await plots.first().locator('summary').click();
    const opened = await plots.first().locator('tbody tr td:nth-child(2)').allInnerTexts();
    expect(Math.max(...opened.map(Number))).toBeGreaterThan(10);
    await openJob(page, 0);
    const without = page.locator('details.job').first();
    expect(await without.locator('figcaption', { hasText: 'Flows' }).count()).toBe(0);
    await page.context().close();
  });

  it('says of each result without a verdict why there is none', async () => {
    const { page } = await open(browser, files.kinds);
    const shown = async (name: string): Promise<string> => {
      const job = page.locator('details.job', { hasText: name }).first();
      await job.locator('> summary').click();
      return job.innerText();
    };
    expect(await shown('t/broke')).toMatch(/the guest kernel panicked\s+hint: see console\.log/);
    expect(await shown('t/doubt')).toMatch(/inconclusive/i);
    expect(await shown('t/never')).toMatch(/not run/);
    expect(await shown('t/fail')).toMatch(/fail/i);
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
    const jobs = await page.locator('details.job').count();
    expect(jobs).toBeGreaterThan(100);
    // 2 MB for a hundred, however many the library has by now.
    expect(readFileSync(files.library).length).toBeLessThan(20_000 * jobs);
    await page.context().close();
  });
});
