import { z } from 'zod';
import { engineText } from '../../report/phrases/engineText.js';
import { errorSchema } from '../../report/document/documentSchema.js';
import { RecordedError } from '../../report/document/parseResults.js';
import type { SerialisedError } from '../../report/text/errorText.js';
import { labEventSchema, type LabEvent } from '../../run/model/labEvents.js';
import { isRefusal } from '../../run/nodes/rulesError.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { durationText } from '../../support/duration.js';
import { matchShape, parseJson } from '../../support/parseJson.js';

/** An event as `--progress json` writes it, whose errors become errors again. */
const childEventSchema = labEventSchema(errorSchema.transform(revived));

/** Reads a line that a child wrote to stderr under `--progress json`; undefined: it is text for people and no event. */
export function parseEvent(line: string): LabEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = parseJson(z.looseObject({}), line);
    // With what it says besides: the time of the child's clock.
    return { ...value, ...matchShape(childEventSchema, value) };
  } catch {
    return undefined;
  }
}

function revived(error: SerialisedError): Error {
  const isUsers = error.name === UsageError.name || isRefusal(error);
  return new RecordedError(error, isUsers ? ExitCode.usage : ExitCode.labBroke);
}

/**
 * Turns a child's event into one of the matrix, with the target's name before those of jobs and labs. Undefined for an event about the
 * child's whole run, which the matrix reports itself. `target` is for `--progress json`.
 */
export function eventOf(
  target: string,
  event: LabEvent,
): (LabEvent & { readonly target: string }) | undefined {
  const under = (name: string): string => underTarget(target, name);
  switch (event.type) {
    case 'run-started':
    case 'run-finished':
    case 'left-out':
    case 'estimated':
    case 'own-flavour':
      return undefined;
    case 'engine-step':
    case 'engine-download':
      return { ...event, step: under(event.step), target };
    case 'engine-note':
      return { ...event, message: under(event.message), target };
    case 'engine-ready': {
      const message = `ready in ${durationText(event.seconds)}: ${engineText(event.identity)}`;
      return { type: 'engine-note', message: under(message), target };
    }
    case 'scenario-started':
    case 'scenario-finished':
    case 'scenario-broke':
    case 'stage-started':
    case 'stage-finished':
    case 'control-kept':
    case 'flows':
      return { ...event, scenario: under(event.scenario), target };
    case 'cleanup-problem':
      return { ...event, what: under(event.what), target };
    default:
      return event satisfies never;
  }
}

/** The name that a job, a lab or a step of a target has in the progress of a matrix. */
export function underTarget(target: string, name: string): string {
  return `${target}: ${name}`;
}
