import * as z from 'zod';
import type { ScenarioEntry } from '../../src/report/document/documentSchema.js';
import type { Signal } from '../../src/scenario/model/expectation.js';
import { LabError } from '../../src/support/errors.js';
import { parseJson } from '../../src/support/parseJson.js';

/** What a case came to, in words that lab and script share. */
export const caseOutcomeSchema = z.object({
  case: z.string(),
  /** What the control run came to, without rules. */
  control: z.string(),
  outcome: z.string(),
  signal: z.string(),
});

export type CaseOutcome = Readonly<z.infer<typeof caseOutcomeSchema>>;

/** A line of script/outcome.sh. */
const scriptLineSchema = z.object({
  ...caseOutcomeSchema.shape,
  milliseconds: z.number(),
  controlMilliseconds: z.number(),
});

export type ScriptLine = Readonly<z.infer<typeof scriptLineSchema>>;

/** What the script says of each case. Throws LabError for anything else. */
export function scriptLinesIn(output: string): readonly ScriptLine[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return parseJson(scriptLineSchema, line);
      } catch (cause) {
        throw new LabError('expected a line of JSON for each case of the plain script', {
          cause,
          details: output,
        });
      }
    });
}

/** What the lab came to in a case. */
export function labOutcomeOf({ id, cell, result, verdict }: ScenarioEntry): CaseOutcome {
  const name = `${id}@${cell.iptables ?? 'nft'}`;
  const { control, measured } = verdict ?? {};
  return {
    case: name,
    control: control?.outcome ?? 'undecided',
    // What is not sound is not decided.
    outcome: result === 'inconclusive' ? 'undecided' : (measured?.outcome ?? 'undecided'),
    signal: measured === undefined ? 'none' : signalText(measured.signal),
  };
}

function signalText(signal: Signal): string {
  if (signal.kind === 'icmp') return `ICMP ${signal.type}/${signal.code} from ${signal.from}`;
  return signal.kind === 'silence' ? 'silence' : `a reset from ${signal.from}`;
}

/**
 * The outcomes, where lab and script agree in each case and both have all of them; the order is the lab's. Throws LabError that names the
 * differences.
 */
export function agreedOutcomes(
  wanted: readonly string[],
  lab: readonly CaseOutcome[],
  script: readonly CaseOutcome[],
): readonly CaseOutcome[] {
  const of = (side: readonly CaseOutcome[], name: string) => side.find((each) => each.case === name);
  const agreed = wanted.map((name) => {
    const [ours, theirs] = [of(lab, name), of(script, name)];
    const problem = differenceOf(ours, theirs);
    return { name, ours, problem: problem === undefined ? undefined : `${name}: ${problem}` };
  });
  const problems = agreed.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) {
    throw new LabError('the lab and the plain script did not come to the same outcomes', {
      details: problems.join('\n'),
      hint: 'neither side is faster where it is wrong: find out which one is',
    });
  }
  return agreed.flatMap(({ ours }) => ours ?? []);
}

function differenceOf(lab: CaseOutcome | undefined, script: CaseOutcome | undefined): string | undefined {
  if (lab === undefined || script === undefined) {
    return `the ${lab === undefined ? 'lab' : 'script'} says nothing`;
  }
  const [ours, theirs] = [lab, script].map(textOf);
  if (lab.control !== 'healthy' || script.control !== 'healthy') {
    return `expected healthy control runs, found ${lab.control} (lab) and ${script.control} (script)`;
  }
  if (lab.outcome === 'undecided' || ours !== theirs) return `lab: ${ours}; script: ${theirs}`;
  return undefined;
}

function textOf({ outcome, signal }: CaseOutcome): string {
  return `${outcome} with ${signal}`;
}
