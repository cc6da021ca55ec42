import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pathToFileURL } from 'node:url';
import { browserProgram } from '../../../scripts/tasks/browserProgram.js';

/** What a reader may have set. */
export interface Reader {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly javaScriptEnabled?: boolean;
  readonly locale?: string;
}

/** A page that was opened from a file, with all that it asked for and complained of. */
export interface Opened {
  readonly page: Page;
  /** What it asked for beside itself. */
  readonly requests: readonly string[];
  /** Errors of its script, and what its policy kept it from. */
  readonly complaints: readonly string[];
}

/** Starts Debian's Chromium. */
export function startBrowser(): Promise<Browser> {
  // Root has no sandbox of Chromium's, and the page is the lab's own.
  return chromium.launch({
    executablePath: browserProgram(process.env['PATH'] ?? ''),
    args: ['--no-sandbox'],
  });
}

/** Opens a file in a browser that is as its reader has it. */
export async function open(
  browser: Browser,
  file: string,
  {
    colorScheme = 'light',
    width = 1200,
    javaScriptEnabled = true,
    locale = 'en-GB',
  }: Reader & { readonly hash?: string } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    colorScheme,
    javaScriptEnabled,
    locale,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  const own = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== own) requests.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(own);
  return { page, requests, complaints };
}

/** What axe finds wrong with a page, as it is now, a line each. */
export async function accessProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const run = (globalThis as unknown as { readonly axe: { run(): Promise<AxeResults> } }).axe;
    return (await run.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Opens the page's job at this place, and waits until its details are there. */
export async function openJob(page: Page, index: number): Promise<void> {
  const job = page.locator('details.job').nth(index);
  await job.locator('> summary').click();
  await job.locator('.more > section').first().waitFor();
}
