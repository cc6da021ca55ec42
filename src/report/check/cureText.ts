import type { Cure, Cures } from '../../cure/model/cure.js';
import type { Paint } from '../text/colour.js';

/** How cures were judged: it is said with each. */
export const wayJudged = 'predicted; not run' as const;

/** The cures of a site for people: the best whole, of the others a line each; with `isWhole` all of them. */
export function cureText({ cures, without }: Cures, paint: Paint, isWhole: boolean): string {
  if (without !== undefined) {
    const place = without.at === undefined ? '' : `${without.at.file}:${without.at.line}: `;
    return `${paint.bold('No cure was found')}: ${place}${without.why}\n`;
  }
  const [best, ...others] = cures;
  if (best === undefined) return '';
  const lines = [
    paint.bold(`Cure (${wayJudged}): ${best.title}`),
    ...wholeLines(best),
    ...others.flatMap((cure, index) =>
      isWhole
        ? ['', paint.bold(`Cure ${index + 2} (${wayJudged}): ${cure.title}`), ...wholeLines(cure)]
        : [`  or: ${cure.title}${opensShort(cure)}`],
    ),
  ];
  return `${lines.join('\n')}\n`;
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
