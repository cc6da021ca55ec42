import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { JudgedPhase } from '../fates/judgedPhase.js';
import { measuredSecondsText } from '../model/expectationText.js';
import { latenessOf, type Lateness } from '../numbers/lateEvents.js';

/** Seconds by which an event may be late while traffic goes on all the time: it finds the same state until then. */
const amongTraffic = 2;

/**
 * Reasons not to judge because an event came so late that the connections were further than they were to be: they had begun to close, or,
 * where it was seconds, sent or received data, or there was a raw-socket load beside them. A late event that found them as they were when it was due decides nothing.
 */
export function eventDoubts(judged: JudgedPhase): string[] {
  return [...laterDoubts(judged.phase), ...lateDoubts(judged)];
}

/** Connections that were to be opened behind an event, and were before it was over. */
function laterDoubts({ asked, load, events = [] }: PhaseEvidence): string[] {
  const after = asked?.load.later?.after;
  const first = load?.connections.find(({ later }) => later === true)?.openedAt;
  if (after === undefined || first === undefined) return [];
  return events.flatMap(({ what, timing }) => {
    if (timing === undefined || timing.due >= timing.connected + after || timing.over <= first) return [];
    return [
      `The event \`${what}\` was over ${measuredSecondsText(timing.over - first)} after connections were opened that were to come behind it: the machine was too busy to play it in time; run fewer labs at a time (\`--lanes 1\`).`,
    ];
  });
}

function lateDoubts(judged: JudgedPhase): string[] {
  return latenessOf(judged.phase).flatMap((late) => {
    const meanwhile = whatHappenedBy(late, judged);
    if (meanwhile === undefined) return [];
    return [
      `The event \`${late.what}\` was to begin ${measuredSecondsText(late.asked)} after all connections were open and began after ${measuredSecondsText(late.begun)}, and ${meanwhile}: the machine was too busy to play it in time; run fewer labs at a time (\`--lanes 1\`).`,
    ];
  });
}

function whatHappenedBy(
  { timing: { due, begun, over } }: Lateness,
  { phase, captures }: JudgedPhase,
): string | undefined {
  const seen = captures.client?.segments.filter(({ direction }) => direction !== 'other') ?? [];
  const between = (until: number) => seen.filter(({ segment: { time } }) => time > due && time <= until);
  const closing = between(over).filter(({ kind }) => kind === 'fin' || kind === 'rst');
  const closed = new Set(closing.map(({ client }) => client)).size;
  if (closed > 0) return `by the time that it was over ${closed} connections had begun to close`;
  if (begun - due <= amongTraffic) return undefined;
  if (phase.flows !== undefined) return 'the raw-socket load went on meanwhile';
  const sending = new Set(
    between(begun)
      .filter(({ kind }) => kind === 'data' || kind === 'syn')
      .map(({ client }) => client),
  ).size;
  return sending > 0 ? `meanwhile ${sending} connections went on` : undefined;
}
