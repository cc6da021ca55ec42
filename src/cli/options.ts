import { InvalidArgumentError, Option } from 'commander';
import { outcomes, type Outcome } from '../scenario/expectation.js';
import { parseDuration } from '../support/duration.js';
import { progressKinds, type Progress } from './progress.js';

/** Options that choose and open an engine, as commander parses them. */
export interface EngineOptions {
  readonly engine: 'auto' | 'local' | 'vm';
  /** Undefined: the default one. */
  readonly kernel?: string;
  readonly accel: 'auto' | 'kvm' | 'tcg';
  readonly base: string;
}

/** Option that says how status is shown. */
export interface ProgressOption {
  readonly progress: Progress;
}

/** The part of an OpenRequest that the user chooses. */
export function engineRequest({ engine, kernel, accel, base }: EngineOptions) {
  return { engine, kernel, accel, base };
}

export function engineOptions(): Option[] {
  return [
    engineOption(),
    new Option(
      '--kernel <kernel>',
      'kernel under test: debian:SUITE or PATH[:MODULES_DIR]; another than the default boots a VM',
    ),
    new Option('--accel <kind>', "the VM's accelerator").choices(['auto', 'kvm', 'tcg']).default('auto'),
    new Option('--base <ref>', 'base image: a registry reference, or auto').default('auto'),
  ];
}

export function engineOption(): Option {
  return new Option('--engine <kind>', 'Docker engine: the local one, a VM, or what works')
    .choices(['auto', 'local', 'vm'])
    .default('auto');
}

export function progressOption(): Option {
  return new Option('--progress <kind>', 'how status is shown on stderr')
    .choices(progressKinds)
    .default('auto');
}

export function expectOption(): Option {
  return new Option('--expect <outcome>', "expect this outcome instead of the scenario's own").choices(
    outcomes,
  );
}

/** `--expect` as parsed; commander has checked it. */
export interface ExpectOption {
  readonly expect?: Outcome;
}

export function jsonOption(): Option {
  return new Option('--json', 'print the results as one JSON document');
}

export function hiddenOption(flags: string, description: string): Option {
  return new Option(flags, description).hideHelp();
}

/** `--run` as parsed. */
export interface RunOption {
  readonly run?: string;
}

export function runOption(): Option {
  return new Option('--run <runid>', 'which lab, when several are up');
}

export function deadlineOption(): Option {
  return new Option('--deadline <duration>', 'end the run after this long, e.g. 90s or 10m').argParser(
    parseDeadline,
  );
}

function parseDeadline(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0) {
    throw new InvalidArgumentError('expected a number with its unit, such as 90s or 10m.');
  }
  return seconds;
}
