import type { Node } from '../../engine/port/port.js';
import type { PlannedCommand, PlannedRules } from '../../scenario/model/planTypes.js';
import type { TriedStep } from '../../scenario/plan/triedSteps.js';
import { inputOf } from '../../scenario/plan/commands/ruleLoading.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { LabError } from '../../support/errors.js';
import { refusalsOf, refusedError, type ScenarioPlaces } from './refusals.js';
import { isLabsFault, RulesError } from './rulesError.js';

const loadSeconds = 120;
/** Seconds that every 10,000 bytes of rules add: under emulation, tens of thousands of rules take iptables a minute and more. */
const secondsPerPiece = 1;

/** Where the texts that are loaded come from in the scenario's file. */
export interface RulesSource extends ScenarioPlaces {
  /** The part of the file, as keys of `places` begin: `director`, `events.0`. */
  readonly part: string;
  /** Who loads them, in words for people. */
  readonly of: string;
}

/**
 * Loads rules and sysctls into one node. Throws RulesError with the place in the scenario's file of what the tools refuse, and LabError
 * when the node cannot load any rules.
 */
export async function loadNodeRules(node: Node, rules: PlannedRules, source: RulesSource): Promise<void> {
  const input = inputOf(rules);
  const seconds = loadSeconds + Math.ceil(input.length / 10_000) * secondsPerPiece;
  const result = await node.exec(rules.load.argv, { seconds, input });
  if (result.exitCode === 0) return;
  const said = `${result.stdout}${result.stderr}`.trim();
  const name =
    said
      .match(/^@@ step \S+$/gm)
      ?.at(-1)
      ?.slice('@@ step '.length) ?? '';
  const details = said.replace(/^@@ step \S+\n?/gm, '').trim();
  const step = stepNamed(name, details, rules, source);
  const isFault = isLabsFault(details, step?.kind === 'command');
  if (step === undefined || isFault) {
    throw new LabError(`${node.shape.name} cannot load any rules (${name || 'before the first of them'})`, {
      details,
    });
  }
  throw refusedError(source, refusalsOf(step, details), process.cwd());
}

/**
 * Runs the command or sets the sysctls of an event. Throws RulesError with the event's place when that fails, and LabError when a program
 * or kernel module is missing.
 */
export async function runOwnCommand(
  node: Node,
  { argv }: PlannedCommand,
  source: RulesSource,
): Promise<void> {
  const result = await node.exec(argv, { seconds: loadSeconds });
  if (result.exitCode === 0) return;
  const said = `${result.stdout}${result.stderr}`.trim() || `ended with exit code ${String(result.exitCode)}`;
  const { part, of, places } = source;
  const run = `${part}.run`;
  const step: TriedStep =
    run in places
      ? { kind: 'command', text: argv.at(-1) ?? '', path: run, of }
      : { kind: 'sysctl', text: said, path: sysctlMeant(said, part, places), of };
  if (isLabsFault(said, true)) {
    throw new LabError(`${node.shape.name} has no program or kernel module for \`${step.text}\``, {
      details: said,
      hint: 'run `lvs-lab doctor`, or use another --image or --kernel',
    });
  }
  throw refusedError(source, refusalsOf(step, said), process.cwd());
}

/** Whether an event runs a command or sets sysctls that the file itself contains. */
export function isOwnCommand({ part, places }: Pick<RulesSource, 'part' | 'places'>): boolean {
  return Object.keys(places).some((path) => path === `${part}.run` || path.startsWith(`${part}.sysctls.`));
}

/** Throws everything that nodes refused as one RulesError, each place once. An error of any other kind is thrown first. */
export function throwRefusals(settled: readonly PromiseSettledResult<void>[]): void {
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const other = errors.find((error) => !(error instanceof RulesError));
  if (other !== undefined) throw other;
  const refused = errors.filter((error) => error instanceof RulesError);
  const [first] = refused;
  if (first === undefined) return;
  const lines = refused.flatMap(({ message }) => message.split('\n'));
  throw new RulesError([...new Set(lines)].join('\n'), first.hint === undefined ? {} : { hint: first.hint });
}

/** The step at which the loading script stopped; undefined: it was none that comes from the file. */
function stepNamed(
  name: string,
  said: string,
  { texts }: PlannedRules,
  { part, of, places }: RulesSource,
): TriedStep | undefined {
  const [kind = '', number] = name.split(':');
  if (kind === 'sysctls') return { kind: 'sysctl', text: said, path: sysctlMeant(said, part, places), of };
  const text = texts[kind];
  if (text === undefined) return undefined;
  if (kind !== 'commands') return { kind: kind as TriedStep['kind'], text, path: `${part}.${kind}`, of };
  const index = Number(number) - 1;
  const line = text.split('\n')[index] ?? '';
  return { kind: 'command', text: line, path: `${part}.commands.${index}`, of };
}

/** The path of the sysctl that the tool's message names; else of the first one, because one call sets them all. */
function sysctlMeant(said: string, part: string, places: Scenario['places']): string {
  const prefix = `${part}.sysctls.`;
  const paths = Object.keys(places).filter((path) => path.startsWith(prefix));
  const named = paths.find((path) => {
    const key = path.slice(prefix.length);
    return said.includes(key) || said.includes(key.replaceAll('.', '/'));
  });
  return named ?? paths[0] ?? part;
}
