import { relative } from 'node:path';
import { placeOfLine, placeText } from '../../scenario/model/place.js';
import type { TriedStep } from '../../scenario/plan/triedSteps.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { isLabsFault, RulesError } from './rulesError.js';

/** A step that a tool refused, as try-rules.sh reports it. */
interface Refusal {
  readonly step: TriedStep;
  /** The line of the step's text, counted from 1; undefined: no line was named. */
  readonly line: number | undefined;
  readonly said: string;
}

/** Reads the refusals that try-rules.sh printed. Messages about a missing program or module are left out, because they are the lab's fault. */
export function readRefusals(output: string, steps: readonly TriedStep[]): readonly Refusal[] {
  const [, ...parts] = output.split(/^@@ refused /m);
  return parts.flatMap((part): readonly Refusal[] => {
    const [head = '', ...rest] = part.split('\n');
    const [number, line] = head.split(' ');
    const step = steps[Number(number)];
    const said = rest.join('\n').trim();
    if (step === undefined || isLabsFault(said, step.kind === 'command')) return [];
    return refusalsOf(step, said, line === '' ? undefined : Number(line));
  });
}

/** What a tool says about a step that it refused. `line` is the line that it named, else one found in its message. */
export function refusalsOf(
  step: TriedStep,
  said: string,
  line: number | undefined = lineNamed(step, said),
): readonly Refusal[] {
  if (step.kind === 'nftables') return ofNft(step, said);
  return [{ step, line: lineMeant(step, said) ?? line, said: sentence(said) }];
}

/** A scenario's file, and where its texts are in it. */
export type ScenarioPlaces = Pick<Scenario, 'file' | 'places'>;

/** The error of a scenario whose rules are refused, with a line for each place. */
export function refusedError(
  { file, places }: ScenarioPlaces,
  refusals: readonly Refusal[],
  cwd: string,
): RulesError {
  const shown = relative(cwd, file);
  const lines = refusals.map(({ step, line, said }) => {
    const known = places[step.path] ?? { line: 1, column: 1 };
    const place = placeOfLine(known, line ?? 1);
    const text =
      step.kind === 'sysctl' || line === undefined
        ? step.text.trim().split('\n')[0]
        : step.text.split('\n')[line - 1];
    const what = step.kind === 'sysctl' ? '' : `: \`${text?.trim() ?? ''}\``;
    return `${placeText(shown, place)}: ${said} (${step.kind} of ${step.of})${what}`;
  });
  return new RulesError([...new Set(lines)].join('\n'), {
    hint: `correct the file; \`lvs-lab validate ${shown}\` checks what can be checked without a kernel`,
  });
}

function lineNamed({ kind }: TriedStep, said: string): number | undefined {
  if (kind === 'command' || kind === 'sysctl') return undefined;
  const [, line] = /line:? (\d+)/i.exec(said) ?? [];
  return line === undefined ? undefined : Number(line);
}

/** The refusals of nft, which names every place that it does not take. */
function ofNft(step: TriedStep, said: string): readonly Refusal[] {
  const found = [...said.matchAll(/:(\d+):\d+(?:-\d+)?: Error: ([^\n]+)/g)];
  if (found.length === 0) return [{ step, line: undefined, said: sentence(said) }];
  return found.map(([, line, what = '']) => ({ step, line: Number(line), said: `nft: ${what}` }));
}

/** The line that jumps to a missing chain, which is the one to correct: iptables-nft only notices at COMMIT. */
function lineMeant({ text }: TriedStep, said: string): number | undefined {
  const [, chain] = /Chain '([^']+)' does not exist/.exec(said) ?? [];
  if (chain === undefined) return undefined;
  const index = text
    .split('\n')
    .findIndex((line) =>
      line.split(/\s+/).some((word, at, words) => word === chain && /^-[jg]$/.test(words[at - 1] ?? '')),
    );
  return index < 0 ? undefined : index + 1;
}

/** The line of a tool's message that says what is wrong. */
function sentence(said: string): string {
  const lines = said
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:Try `|Error occurred at)/.test(line));
  return (lines[0] ?? 'refused without a word').trim();
}
