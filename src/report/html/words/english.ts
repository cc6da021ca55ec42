import type { Outcome } from '../../../contracts/words/outcomes.js';
import type { Change } from '../../compare/compareResults.js';
import type { ResultKind } from '../../results/resultKind.js';
import { bytesText, countText } from '../../text/countText.js';

const results: Readonly<Record<ResultKind, string>> = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  broke: 'broke',
  refused: 'refused',
  'not-run': 'not run',
};

const outcomes: Readonly<Record<Outcome, string>> = {
  healthy: 'healthy',
  bypassed: 'bypassed',
  'close-blocked': 'close-blocked',
  'data-lost': 'data-lost',
  'transfer-blocked': 'transfer-blocked',
  'handshake-blocked': 'handshake-blocked',
  unreachable: 'unreachable',
  'ports-exhausted': 'ports-exhausted',
  answered: 'answered',
  'answered-stale': 'answered-stale',
  unanswered: 'unanswered',
};

const marks: Readonly<Record<'blamed' | 'suspect' | 'idle', string>> = {
  blamed: '\u25c0 turned packets away',
  suspect: 'may have turned packets away, and does not count',
  idle: 'no packet matched',
};

/** Curves that are no states of the kernel's; those keep their names. */
const curves: Readonly<Record<string, string>> = {
  opened: 'opened',
  closed: 'closed',
  'reset or refused': 'reset or refused',
  stuck: 'stuck',
  'under way': 'under way',
};

const changes: Readonly<Record<Change, string>> = {
  worse: 'worse',
  better: 'better',
  unclear: 'unclear',
  changed: 'changed',
  same: 'the same',
};

/** All that a page says in words of its own. What was recorded, such as a reason, stays as it was recorded. */
export const english = {
  language: 'Language',
  runOf: (name: string, runId: string | undefined, version: string) =>
    `${name}${runId === undefined ? '' : `, run ${runId}`}, lvs-lab ${version}`,
  mutated: 'The scenarios were mutated: here \u201cfail\u201d is what was hoped for.',
  endedEarly: 'The run ended before it was over',

  overview: 'Overview',
  scenario: 'Scenario',
  scenarios: 'Scenarios',
  result: 'Result',
  seen: 'What was seen',
  time: 'Time',
  outcome: 'Outcome',
  tag: 'Tags',
  all: 'all',
  filterText: 'Search',
  shown: 'Shown:',
  notAsked: 'not asked for',
  nothingNamed: 'nothing named',
  results,
  outcomes,
  nothingSeen: 'nothing was measured',
  noOutcome: 'no single outcome',
  unexplained: 'unexplained',
  flowsWere: 'flows',

  verdict: 'Verdict',
  story: 'What it is about',
  why: 'Why it is so',
  seeAlso: 'See also',
  lacking: 'What this page lacks, because it is missing, cut or unreadable',
  needsScript: 'The details below need JavaScript. All of them are also in the files beside this page.',

  cause: 'Who turned packets away',
  culprits: 'Rules, by their counters and by the trace',
  noCulprit: 'No rule counted a packet that it turned away.',
  how: 'How it is known',
  howRejected: 'it counted what it rejects or drops',
  howTaken: 'it gave packets another way before IPVS',
  howTraced: (packet: string) => `traced: ${packet}`,
  howUncounted: 'it may have: it does not count',
  counter: 'Counter',
  counters: 'Counters of the kernel that rose, of the kind that can explain a loss',
  rose: 'By',

  ladder: 'One connection, packet by packet',
  ladderAbout: (client: string, fate: string, packets: number) =>
    `The connection from ${client}, ${fate}, as the captures have it: ${countText(packets, 'packet')}. A cross is where a packet ended.`,
  noLadder: 'No capture has a packet of a connection.',
  packet: 'Packet',
  way: 'Way',
  became: 'What became of it',
  secondsSince: 'Seconds since the first packet',
  again: 'again',
  bytes: bytesText,
  leftOut: (packets: number, seconds: string) =>
    `... ${countText(packets, 'packet')} in ${seconds} s left out ...`,
  wentNoFurther: 'went no further, and no rule counted it',
  takenByOneOf: (rules: number) => `taken by one of ${String(rules)} rules: see the table`,
  takenBy: (rules: readonly string[]) =>
    rules.length === 1 ? `taken by ${rules.join()}` : `taken by one of: ${rules.join('; ')}`,
  endedAt: (node: string) => `ended at ${node}`,

  overTime: 'Sockets and IPVS entries over time',
  socketsOf: (node: string, ofFlows: boolean) =>
    `${ofFlows ? 'Sockets of flows' : 'Sockets'} on ${node}, by state`,
  ipvsOf: (node: string, ofFlows: boolean) =>
    `${ofFlows ? 'IPVS entries of flows' : 'IPVS entries'} on ${node}, by state`,
  sockets: 'sockets',
  entries: 'entries',
  noCurves: 'No sample has a socket or an entry of the load.',
  nothingCounted: 'Nothing was counted.',
  load: 'The raw-socket load over time',
  flowsASecond: 'Flows opened and closed a second',
  flowsHeld: 'Flows that wait in vain, and flows under way',
  connectTime: 'Time from the SYN to the SYN-ACK, of the flows that got it just then',
  aSecond: 'flows a second',
  flows: 'flows',
  connectTook: 'time',
  curves,
  secondsOfLoad: 'seconds since the load began',
  thinned: (shown: number, recorded: number) =>
    `(${String(shown)} of ${String(recorded)} moments are shown, the highest and lowest among them)`,
  table: 'The same as a table',

  rules: 'Rules and their counters',
  rulesOf: (node: string, table: string) => `${node}, table ${table}, as listed at the end`,
  rule: 'Rule',
  chain: 'Chain',
  packets: 'Packets',
  mark: 'Remark',
  notCounted: 'not counted',
  marks,
  noRules: 'No node had a rule at the end.',

  whatHappened: 'What became of the connections',
  connections: 'The connections one by one',
  client: 'Client',
  realserver: 'Realserver',
  fate: 'Fate',
  clientState: "Client's socket",
  realserverState: "Realserver's socket",
  node: 'Node',
  more: (n: number, where: string) => `(and ${String(n)} more in ${where})`,
  numbers: 'All numbers',
  numbersAbout: 'As the terminal shows them.',

  seeAgain: 'To see it again',
  inThisFolder: 'To be typed in the folder that this page lies in:',
  commands: {
    run: 'run it once more',
    judge: 'judge the evidence again',
    connection: 'look at this connection',
  },
  files: 'Raw files beside this page',
  file: 'File',
  size: 'Size',
  provenance: 'What it ran on',
  noEngine: 'Not known: no engine could be opened, or the record of it is missing.',

  comparison: 'What differs between two result sets',
  compared: (cells: number) => `${String(cells)} cells that both have, those that are worse first`,
  change: 'From A to B',
  changes,
  differentNumbers: 'Numbers that differ',
  conditions: 'What else differs between the two',
  noConditions: 'Nothing that is known.',
  what: 'What',
  onlyIn: (which: string) => `Only in ${which}`,
};

/** The words of one language. */
export type Words = typeof english;
