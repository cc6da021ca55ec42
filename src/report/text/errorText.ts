import { LabError } from '../../support/errors.js';
import { noPaint, type Paint } from './colour.js';
import { cut } from './cut.js';
import { indent } from './countText.js';

/** An error as plain data. */
export interface SerialisedError {
  readonly name: string;
  readonly message: string;
  readonly details?: string | undefined;
  readonly hint?: string | undefined;
  readonly cause?: SerialisedError | undefined;
}

/** Turns an error and its causes into plain data. Messages and details of megabytes are cut, unless `whole`. */
export function serialiseError(error: unknown, { whole = false } = {}): SerialisedError {
  const short = whole ? (text: string) => text : cut;
  if (!(error instanceof Error)) return { name: 'Error', message: short(String(error)) };
  const { details, hint } = error instanceof LabError ? error : {};
  return {
    name: error.name,
    message: short(error.message),
    ...(details === undefined ? {} : { details: short(details) }),
    ...(hint === undefined ? {} : { hint }),
    ...(error.cause === undefined ? {} : { cause: serialiseError(error.cause, { whole }) }),
  };
}

/**
 * An error for the terminal: the message, the output worth seeing, what caused it and what to do next.
 * `debug` adds stacks; without it an error nobody planned for says how to get one.
 */
export function errorText(error: unknown, options: { paint?: Paint; debug?: boolean } = {}): string {
  const { paint = noPaint, debug = false } = options;
  const { message, details, hint } = serialiseError(error, { whole: debug });
  const planned = error instanceof LabError;
  const lines = [`${paint.red(planned ? 'error:' : 'unexpected error:')} ${message}`];
  if (details !== undefined) lines.push(indent(details.trimEnd(), 4));
  lines.push(
    ...causeMessages(error, message).map(
      (cause) => `  ${paint.dim('because:')} ${indent(cause, 4).trimStart()}`,
    ),
  );
  if (hint !== undefined) lines.push(`  ${paint.cyan('hint:')} ${hint}`);
  if (debug) lines.push(...stacksOf(error).map((stack) => indent(paint.dim(stack), 4)));
  else if (!planned) lines.push(`  ${paint.cyan('hint:')} set LVS_LAB_DEBUG=1 to see where it comes from`);
  return `${lines.join('\n')}\n`;
}

/** The messages of an error's causes that say something its own message does not. */
function causeMessages(error: unknown, said: string): string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause === undefined) return [];
  // Libraries put a command's whole output in the message of its error; the details have that already.
  const message = serialiseError(cause).message.split('\n').slice(0, 3).join('\n');
  const rest = causeMessages(cause, message);
  return message === '' || said.includes(message) ? rest : [message, ...rest];
}

function stacksOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [error.stack ?? error.message, ...stacksOf(error.cause)];
}
