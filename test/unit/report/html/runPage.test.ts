import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPageText } from '../../../../src/report/html/runPage.js';
import type { ScenarioResult } from '../../../../src/run/model/scenarioResult.js';
import { ExitCode, LabError } from '../../../../src/support/errors.js';
import { judgeAgain } from '../../../../src/cli/results/judgeAgain.js';
import { folder } from '../../cli/harness.js';
import { mendManifest } from '../../evidence/mend.js';
import { failed, inconclusive, passed } from '../samples.js';
import { compact, detailsIn, judged, recorded } from './recorded.js';

const pageOf = (results: readonly ScenarioResult[], beside = '/runs/x') =>
  runPageText({ version: '9.9.9', results, directory: beside, exitCode: ExitCode.ok }, beside);

/** A job whose folder is not there. */
const gone = (parts: Partial<ScenarioResult>): ScenarioResult =>
  ({
    scenario: 't/a',
    job: 't/a',
    repeat: 1,
    directory: '/runs/x/t-a',
    seconds: 1,
    verdict: passed,
    ...parts,
  }) as ScenarioResult;

/** What a reader without JavaScript sees. */
const summaryOf = (page: string) => compact(page.replaceAll(/<template[^]*?<\/template>/g, ''));

describe('the page of a run', () => {
  it('tells in plain HTML what each job came to and who turned packets away, and has the rest packed', async () => {
    const page = await pageOf([await judged('close-server-first'), await judged('healthy')], recorded('.'));
    const summary = summaryOf(page);
    expect(summary).toContain('The realserver closes first through the stock firewall');
    expect(summary).toContain('<code>-A INPUT -j REJECT --reject-with icmp-host-prohibited</code>');
    expect(summary).toMatch(/<span class="result pass"/);
    const [details = '', healthy = ''] = detailsIn(page).map(compact);
    expect(details).toContain('class="cross"');
    expect(details).toContain('class="curve"');
    expect(details).toMatch(/<tr class="rule blamed">.*REJECT/);
    expect(details).toContain('href="./close-server-first/measured/client.pcap"');
    expect(details).toMatch(
      /wireshark -r close-server-first\/measured\/client\.pcap -Y &#39;\(ip\.addr == [\d.]+ &amp;&amp; tcp\.port == \d+\)&#39;/,
    );
    expect(healthy).not.toContain('class="cross"');
    expect(healthy).not.toContain('rule blamed');
  });

  it('lets its own script and styles in and nothing else, and names no other place', async () => {
    const page = await pageOf([await judged('close-server-first')], recorded('.'));
    for (const [element, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ] as const) {
      const [, text = ''] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page) ?? [];
      const digest = createHash('sha256').update(text).digest('base64');
      expect(text.length).toBeGreaterThan(1000);
      expect(page).toContain(`${directive} &#39;sha256-${digest}&#39;`);
    }
    expect(page).toContain('default-src &#39;none&#39;');
    expect(
      summaryOf(page)
        .match(/(?:src|data|action|poster|srcset)="[^"]*"/g)
        ?.filter((one) => !one.startsWith('data=')) ?? [],
    ).toEqual([]);
    const links = [page, ...detailsIn(page)].flatMap((text) =>
      [...text.matchAll(/ href="([^"]*)"/g)].map(([, to]) => to),
    );
    expect(links.filter((to) => !/^(#job-\d+|\.\/|https?:\/\/)/.test(to ?? ''))).toEqual([]);
  });

  it('keeps hostile text as text, wherever it comes from', async () => {
    const evil = `</template></script><script>alert(1)</script><img src=x onerror=alert(1)>"'\u0000\u202e`;
    const run = folder();
    cpSync(recorded('close-server-first'), join(run, 'a'), { recursive: true });
    const file = join(run, 'a', 'scenario.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^title: .*$/m, `title: ${JSON.stringify(evil)}`));
    writeFileSync(join(run, 'a', `${evil.replaceAll('/', '|').replaceAll('\u0000', '')}.pcap`), '');
    const final = join(run, 'a', 'measured', 'director.final');
    const rules = readFileSync(final, 'utf8').replaceAll(
      '-j REJECT',
      `-m comment --comment "${evil.replaceAll(/["\u0000]/g, '')}" -j REJECT`,
    );
    writeFileSync(final, rules);
    await mendManifest(join(run, 'a'));
    const result = await judgeAgain(join(run, 'a'));
    const everywhere = {
      ...result,
      job: evil,
      scenario: evil,
      cell: { kernel: evil, image: evil, iptables: undefined },
    };
    const error = new LabError(evil, { hint: evil, details: evil });
    const page = await runPageText(
      {
        version: evil,
        runId: evil,
        directory: join(run, evil),
        results: [everywhere, gone({ job: evil, verdict: undefined, error })],
        exitCode: ExitCode.labBroke,
        error,
      },
      run,
    );
    const details = detailsIn(page);
    expect(details).toHaveLength(1);
    expect(details[0]).toContain('--comment');
    for (const text of [page, ...details]) {
      expect(text).not.toContain('<img');
      expect(text).not.toContain('alert(1)</script>');
      expect(text).not.toMatch(/[\u0000\u202e]/);
    }
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<template/g)).toHaveLength(1);
  });

  it('has a place for what broke, was not run, failed, or was not decided', async () => {
    const error = new LabError('the guest kernel panicked', { hint: 'see console.log' });
    const page = summaryOf(
      await pageOf([
        gone({ job: 't/fails', verdict: failed }),
        gone({ job: 't/doubt', verdict: inconclusive }),
        gone({ job: 't/never', verdict: undefined, notRun: 'deadline' } as never),
        gone({ job: 't/broke', verdict: undefined, error }),
      ]),
    );
    for (const kind of ['fail', 'inconclusive', 'broke', 'not-run'])
      expect(page).toContain(`<span class="result ${kind}"`);
    expect(page).toContain('the guest kernel panicked');
    expect(page).toContain('see console.log');
    expect(page).toContain('the time that --deadline gave was over before');
  });

  it('says what it lacks: a folder that is gone, a capture that was cut, a scenario that cannot be read', async () => {
    expect(await pageOf([gone({})])).toMatch(/the folder \/runs\/x\/t-a, and with it all that was recorded/);
    const run = folder();
    cpSync(recorded('close-server-first'), join(run, 'a'), { recursive: true });
    const capture = join(run, 'a', 'measured', 'client.pcap');
    const result = await judgeAgain(join(run, 'a'));
    const lacking = async () => /class="lacking">([^]*?)<\/div>/.exec(await pageOf([result], run))?.[1];
    expect(await lacking()).toBeUndefined();
    writeFileSync(capture, readFileSync(capture).subarray(0, 1000));
    expect(await lacking()).toContain('client.pcap: it has 1000 bytes');
    rmSync(join(run, 'a', 'scenario.yaml'));
    expect(await lacking()).toContain('what the scenario is about:');
    rmSync(join(run, 'a', 'measured'), { recursive: true });
    expect(await lacking()).toContain(
      'the measured phase, so there are no packets, curves and rules to show',
    );
  });

  it('stays small with a hundred jobs', async () => {
    const some = [
      await judged('close-server-first'),
      await judged('flows'),
      await judged('routed-nat-silent'),
    ];
    const many = Array.from({ length: 100 }, (_, index) => some[index % some.length]!);
    const page = await pageOf(many, recorded('.'));
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
    expect(detailsIn(page)).toHaveLength(100);
  });

  it('is a grid where there are several kernels, and has a cell for what was not asked for', async () => {
    const cell = (kernel: string) => ({ kernel, image: undefined, iptables: undefined });
    const page = summaryOf(
      await pageOf([
        gone({ cell: cell('debian:sid') }),
        gone({ cell: cell('debian:bookworm'), verdict: failed }),
        gone({ scenario: 't/b', job: 't/b', cell: cell('debian:sid') }),
      ]),
    );
    const grid = /<table class="grid">([^]*?)<\/table>/.exec(page)?.[1] ?? '';
    expect(grid.match(/<tr /g)).toHaveLength(2);
    expect(grid).toContain('kernel debian:bookworm');
    expect(grid).toContain('class="none"');
    expect(grid.match(/href="#job-\d"/g)).toEqual(['href="#job-1"', 'href="#job-2"', 'href="#job-3"']);
  });
});
