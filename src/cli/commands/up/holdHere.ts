import { errorText } from '../../../report/text/errorText.js';
import type { Emit } from '../../../run/model/labEvents.js';
import type { Scenario } from '../../../scenario/model/scenario.js';
import { ExitCode } from '../../../support/errors.js';
import { Scope } from '../../../support/scope.js';
import type { Context } from '../../frame/context.js';
import { exitCodeFor } from '../../frame/exitCodes.js';
import { engineRequest } from '../../options/options.js';
import { reporterFor } from '../../options/reporterFor.js';
import { makeRunDirectory, makeRunId } from '../../results/runDirectory.js';
import { withEngine } from '../../frame/withEngine.js';
import { heldLab, heldLabText, measuringText } from './heldLab.js';
import type { HolderMessage } from './childMessages.js';
import type { UpOptions } from './upOptions.js';

/** Receives what the holder reports: the process that started it, or the terminal. */
interface Listener {
  readonly tell: (message: HolderMessage) => void;
  readonly close: () => void;
}

/** Holds a lab in this process until it is told to stop. */
export async function holdHere(scenario: Scenario, options: UpOptions, context: Context): Promise<number> {
  const { io, debug } = context;
  const listener =
    io.toParent === undefined ? terminal(options, context) : { tell: io.toParent, close: () => undefined };
  const emit: Emit = (event) => {
    io.left.take(event);
    listener.tell({ kind: 'event', event });
  };
  try {
    await hold(scenario, { options, context, emit, tell: listener.tell });
    return ExitCode.ok;
  } catch (error) {
    listener.tell({ kind: 'failed', text: errorText(error, { debug }), exitCode: exitCodeFor(error) });
    return exitCodeFor(error);
  } finally {
    listener.close();
  }
}

interface HoldOptions {
  readonly options: UpOptions;
  readonly context: Context;
  readonly emit: Emit;
  readonly tell: Listener['tell'];
}

/** Holds the lab until told to stop. Being stopped while the lab is up is a normal end; before that it is an error. */
async function hold(scenario: Scenario, { options, context, emit, tell }: HoldOptions): Promise<void> {
  const { io, services } = context;
  const runId = makeRunId();
  const runDirectory = await makeRunDirectory({ cwd: io.cwd, runId, out: options.out });
  const common = { runId, emit, signal: io.signal };
  await withEngine(services, { ...engineRequest(options), ...common, runDirectory }, async (engine) => {
    const report = (what: string, error: Error): void => {
      emit({ type: 'cleanup-problem', what, error });
    };
    await using scope = new Scope(report, undefined, { signal: io.signal });
    const lab = await services.bringUpLab({ engine, scenario, ...common });
    scope.use(lab.lab, 'the lab');
    const findable = () => {
      tell({ kind: 'ready', held: heldLab(lab.plan) });
    };
    await services.holdSession({ lab, signal: io.signal, findable });
  });
}

function terminal(options: UpOptions, { io, print, tell: say }: Context): Listener {
  const reporter = reporterFor(options.progress, io);
  const tell = (message: HolderMessage) => {
    switch (message.kind) {
      case 'event':
        reporter.emit(message.event);
        return;
      case 'ready':
        print(
          `${heldLabText(message.held)}\n${measuringText(message.held)}\nCtrl-C, or \`lvs-lab down\`, removes it.\n`,
        );
        return;
      case 'failed':
        say(message.text);
        return;
      default:
        message satisfies never;
    }
  };
  return { tell, close: reporter.close };
}
