import type { Cure } from '../../cure/model/cure.js';
import { isRefuted, type TriedCure, type TriedCures } from '../../proof/cureProof.js';
import type { Paint } from '../text/colour.js';
import { groupedBy } from '../../rebuild/groupedBy.js';
import type { KernelOutcome } from '../../proof/serviceProof.js';
import { wayFor, wayOf } from './cureWays.js';
import { serviceEnd } from './serviceEnd.js';

/** The cures of a site for people: the best whole, of the others a line each; with `isWhole` all of them. */
export function cureText({ cures, without, unproven }: TriedCures, paint: Paint, isWhole: boolean): string {
  if (without !== undefined) {
    const place = without.at === undefined ? '' : `${without.at.file}:${without.at.line}: `;
    return `${paint.bold('No cure was found')}: ${place}${without.why}\n`;
  }
  const [best, ...others] = cures;
  if (best === undefined) return '';
  const lines = [
    paint.bold(`Cure (${wayWithKernels(best)}): ${best.cure.title}`),
    ...againstLines(best),
    ...wholeLines(best.cure),
    ...others.flatMap((one, index) =>
      isWhole
        ? [
            '',
            paint.bold(`Cure ${index + 2} (${wayWithKernels(one)}): ${one.cure.title}`),
            ...againstLines(one),
            ...wholeLines(one.cure),
          ]
        : [`  or (${wayOf(one)}): ${one.cure.title}${opensShort(one.cure)}`, ...againstLines(one)],
    ),
    ...(unproven === undefined ? [] : ['', paint.bold(unprovenText(cures, unproven))]),
  ];
  return `${lines.join('\n')}\n`;
}

function unprovenText(cures: TriedCures['cures'], why: string): string {
  const isAny = cures.some(({ proof }) => proof !== undefined);
  return `Cures ${isAny ? 'that were not run are ' : ''}not proven, because ${why}`;
}

/** How a cure was judged, with the kernels; where it came to something else on some of them, for each. */
function wayWithKernels(tried: TriedCure): string {
  const { kernels = [] } = tried.proof ?? {};
  const ways = groupedBy(kernels, ({ outcome }) => wayFor(outcome));
  const own = wayOf(tried);
  if (ways.size <= 1) return `${own}${kernelsText(kernels)}`;
  return [...ways]
    .sort(([one], [other]) => Number(other === own) - Number(one === own))
    .map(([way, ones]) => `${way}${kernelsText(ones)}`)
    .join('; ');
}

function kernelsText(kernels: readonly KernelOutcome[]): string {
  return kernels.length === 0 ? '' : ` on ${kernels.map(({ kernel }) => kernel).join(', ')}`;
}

/** What the lab has against a cure that is predicted to help. */
function againstLines(tried: TriedCure): readonly string[] {
  const { because = [] } = tried.proof ?? {};
  const lines = because.map(({ service, why }) => `  ${serviceEnd(service)}: ${why.replaceAll('\n', '; ')}`);
  return isRefuted(tried)
    ? [
        ...lines,
        '  a fault of lvs-lab: the rules so changed read healthy; the lab counts, and please report it',
      ]
    : lines;
}

function wholeLines({ patch, opens, costs, commands }: Cure): readonly string[] {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
  return [
    ...(patch === '' ? [] : patch.trimEnd().split('\n')),
    ...list('lets in what connections need and was kept out:', opens?.needed ?? []),
    ...list('and beside it, to the same service:', opens?.beside ?? []),
    ...list("and what is not the services':", opens?.other ?? []),
    ...(opens === undefined ? ['  what it lets in is too much to be listed'] : []),
    ...list('it also brings:', costs),
    ...list('now, on the director:', commands.apply),
    ...list('to see that it helps:', commands.check),
    ...list('to go back:', commands.back),
    ...list('to keep it:', commands.keep),
  ];
}

/** What a cure lets in beside what it must, in few words. */
function opensShort({ opens, costs }: Cure): string {
  const lets =
    opens === undefined
      ? 'lets in more than can be listed'
      : opens.otherCount > 0
        ? "lets in what is not the services'"
        : opens.besideCount > 0
          ? 'lets in more to the same service than it needs'
          : undefined;
  const said = [...(lets === undefined ? [] : [lets]), ...costs.slice(0, 1)];
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}
