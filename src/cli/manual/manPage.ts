import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { roffExample, roffText, roffWord } from './roff.js';

/** What the page says beside what commands declare. */
export interface ManPageParts {
  readonly version: string;
  /** What `--help` of a command says behind its options: examples, exit codes. */
  readonly behind: (command: CommandUnknownOpts) => string;
}

/** The man page of a program and all its commands, as roff, from the declarations that `--help` is made from. */
export function manPageText(program: CommandUnknownOpts, { version, behind }: ManPageParts): string {
  const name = program.name();
  return [
    `.TH ${roffWord(name.toUpperCase())} 1 "" ${roffWord(`${name} ${version}`)} "User Commands"`,
    '.SH NAME',
    `${roffText(name)} \\- ${roffText(lowerFirst(program.description()))}`,
    '.SH SYNOPSIS',
    `.B ${roffText(name)}`,
    roffText(
      program
        .createHelp()
        .commandUsage(program)
        .slice(name.length + 1),
    ),
    '.SH OPTIONS',
    ...optionLines(program),
    '.SH COMMANDS',
    ...commandsBelow(program).flatMap((command) => commandLines(command, behind)),
    '.SH EXIT STATUS',
    roffExample(behind(program)),
    '.SH FILES',
    ...terms(files),
    '.SH ENVIRONMENT',
    ...terms(environment),
    '.SH SEE ALSO',
    roffText('iptables-save(8), ipvsadm(8), nft(8), conntrack(8), qemu-system-x86_64(1)'),
    '',
  ].join('\n');
}

type Behind = ManPageParts['behind'];

/** The commands with something to do, those in a group behind its name. */
function commandsBelow(command: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((below) => below.name() !== 'help')
    .flatMap((below) => (below.commands.length === 0 ? [below] : commandsBelow(below)));
}

function commandLines(command: CommandUnknownOpts, behind: Behind): readonly string[] {
  const help = command.createHelp();
  const more = behind(command).trim();
  return [
    `.SS ${roffWord(help.commandUsage(command))}`,
    roffText(command.description()),
    ...command.registeredArguments.flatMap((argument) =>
      term(`<${argument.name()}>`, help.argumentDescription(argument)),
    ),
    ...optionLines(command),
    ...(more === '' ? [] : ['.PP', roffExample(more)]),
  ];
}

function optionLines(command: CommandUnknownOpts): readonly string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .flatMap((option) => term(help.optionTerm(option), help.optionDescription(option)));
}

function terms(all: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(all).flatMap(([word, text]) => term(word, text));
}

function term(word: string, text: string): readonly string[] {
  return ['.TP', `.B ${roffText(word)}`, roffText(text)];
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

const files = {
  'runs/': 'below the working directory: the evidence of runs, each in a folder DATE-TIME-ID',
  '~/.cache/lvs-lab/':
    'what takes long to make: kernels, disks, images, saved labs. `lvs-lab clean --cache` removes it',
  '~/.local/share/lvs-lab/': 'kernels that were added, and images that were loaded',
};

const environment = {
  XDG_CACHE_HOME: 'where the cache is, in place of ~/.cache',
  XDG_DATA_HOME: 'where added kernels and loaded images are, in place of ~/.local/share',
  TMPDIR: 'where sockets and disks of running VMs are, in place of /tmp',
  DOCKER_HOST: 'the local engine, as for the docker command',
  DOCKER_TLS_VERIFY: 'set to 1: the local engine is reached over TLS',
  DOCKER_CERT_PATH: 'the folder of the certificates for that',
  DOCKER_CONTEXT:
    'the context of the docker command that leads to the local engine, where DOCKER_HOST is not set',
  DOCKER_CONFIG: "the folder of the docker command's own files, in place of ~/.docker",
  LVS_LAB_DEBIAN_SNAPSHOTS: "where a mirror keeps Debian's suites as they were, with {date} in it",
  LVS_LAB_DEBIAN_MIRROR: "the mirror that Debian's packages come from",
  LVS_LAB_DEBUG: 'set: errors are shown with where in the program they came from',
  NO_COLOR: 'set: no colours',
  FORCE_COLOR: 'set: colours, also where there is no terminal',
};
