import { resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { type Forwarding, forwardings } from '../../contracts/words/network.js';
import { findCures } from '../../cure/findCures.js';
import type { Cures } from '../../cure/model/cure.js';
import type { VirtualService } from '../../prediction/model/question.js';
import { type Prediction, predict } from '../../prediction/predict.js';
import { probeSite } from '../../probe/probeSite.js';
import type { ServiceProbe } from '../../probe/serviceProbe.js';
import type { TriedCures } from '../../proof/cureProof.js';
import type { ServiceProof } from '../../proof/serviceProof.js';
import { rebuild } from '../../rebuild/rebuild.js';
import { cureText } from '../../report/check/cureText.js';
import { shownOutcome } from '../../report/check/outcomeTexts.js';
import { predictionDocument } from '../../report/check/predictionDocument.js';
import {
  outcomeThatCounts,
  predictionText,
  problemText,
  type ShownProof,
} from '../../report/check/predictionText.js';
import { probeLeftLines } from '../../report/check/probeText.js';
import { rebuiltLines } from '../../report/check/rebuiltText.js';
import { serviceEnd } from '../../report/check/serviceEnd.js';
import { standInLines } from '../../report/check/standInText.js';
import { readFiles } from '../../site/files/readFiles.js';
import type { SourceFile } from '../../site/model/sourceFile.js';
import { readSite } from '../../site/readSite.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { filterAsync } from '../../support/filterAsync.js';
import { type CureRequest, proveCures, untried } from './check/proveCures.js';
import { proveSite, type RunHow, type SiteProof } from './check/proveSite.js';
import { allowRemote, isRemote, readRemote } from './check/remoteHosts.js';
import { pathOf, readRealserverFiles } from './check/readRealserverFiles.js';
import { readStandIns, refuseUnusedStandIns } from './check/readStandIns.js';
import { refuseUsedFolder, saveSite } from './check/saveSite.js';
import { writePatch } from './check/writePatch.js';
import type { CommandAction } from '../frame/commandAction.js';
import type { Context } from '../frame/context.js';
import { adding } from '../options/declared.js';
import { matrixOptions } from '../options/matrixOptions.js';
import {
  accelOption,
  deadlineOption,
  engineOption,
  jsonOption,
  laneOptions,
  progressOption,
} from '../options/options.js';
import { refuseUsedDirectory } from '../results/runDirectory.js';

/** `check FILE...`: what the rules of a director do to its services. */
export function addCheck(program: Command, context: Context, ending: CommandAction): void {
  const [kernelOption] = matrixOptions();
  const [lanesOption] = laneOptions();
  program
    .command('check')
    .description("say what a director's own rules do to the packets of its services, and run them in the lab")
    .argument(
      '<file...>',
      'files of the director, or folders or tars with them (what each is, its content says), or root@director, which is read by ssh',
    )
    .option('--predict', 'answer from the rules alone, within a second, and run nothing')
    .option(
      '--probe',
      'send packets through the rules in a network namespace of this machine, in place of the lab (root, or user namespaces)',
    )
    .option('--yes', 'run docs/collect.sh by ssh on hosts that are named, without asking')
    .addOption(repeated('--service <address:port>', 'ask about this service only; may be repeated'))
    .addOption(
      new Option('--forwarding <how>', 'how a --service that is in no file is forwarded').choices(
        forwardings,
      ),
    )
    .option('--in <interface>', 'the interface by which clients come in')
    .option('--out <interface>', 'the interface behind which the realservers are')
    .addOption(
      repeated(
        '--client <address>',
        'ask about clients with this address, or in this network; may be repeated',
      ),
    )
    .addOption(
      repeated(
        '--realserver <file>',
        'a file, folder or tar of a realserver (or ADDRESS=FILE), whose own rules count too; may be repeated',
      ),
    )
    .addOption(
      repeated(
        '--map <name=address>',
        'what to read where the files have a name or a hidden address (x.x.x.x); may be repeated',
      ),
    )
    .option('--cures', 'run every cure and show it whole, not only the best')
    .option('--patch <file>', 'write the best cure to a file, as `patch -p0` takes it')
    .option('--save <dir>', 'write the site as scenarios into a new folder, its rule files beside them')
    .option('--evidence <dir>', 'where the evidence of the lab goes (default: runs/check-ID)')
    .addOption(kernelOption)
    .addOption(engineOption())
    .addOption(accelOption())
    .addOption(lanesOption)
    .addOption(deadlineOption())
    .addOption(progressOption())
    .addOption(jsonOption())
    .addHelpText('after', helpText)
    .action(ending((paths, options) => check(paths, options, context)));
}

/** An option with a value that may be given again, each time with another one. */
function repeated<const Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description)
    .argParser(adding<string>((value, previous = []) => [...previous, value]))
    .default([] as readonly string[], 'none');
}

/** What `check` is asked beside the files. */
interface CheckOptions extends RunHow {
  readonly predict?: true;
  readonly probe?: true;
  readonly yes?: true;
  readonly service: readonly string[];
  readonly forwarding?: Forwarding;
  readonly in?: string;
  readonly out?: string;
  readonly client: readonly string[];
  readonly realserver: readonly string[];
  readonly map: readonly string[];
  readonly save?: string;
  readonly cures?: true;
  readonly patch?: string;
  readonly evidence?: string;
  readonly json?: true;
}

async function check(paths: readonly string[], options: CheckOptions, context: Context): Promise<number> {
  const { io, print, printJson, paint } = context;
  const folder = options.save === undefined ? undefined : resolve(io.cwd, options.save);
  if (folder !== undefined) await refuseUsedFolder(folder);
  if (options.evidence !== undefined)
    await refuseUsedDirectory(resolve(io.cwd, options.evidence), '--evidence');
  const standIns = readStandIns(options.map);
  const read = await readerOf([...paths, ...options.realserver.map(pathOf)], options.yes === true, context);
  const files = await read(paths);
  const site = readSite(files, standIns);
  const realservers = await readRealserverFiles(options.realserver, (path) => read([path]), standIns);
  const all = [site, ...realservers.map((one) => one.site)];
  refuseUnusedStandIns(standIns, all);
  const named = {
    standIns,
    services: options.service,
    forwarding: options.forwarding,
    clientSide: options.in,
    serverSide: options.out,
    clients: options.client,
  };
  const prediction = predict(site, { ...named, realservers });
  const isUnderstood = !prediction.problems.some(({ done }) => done === 'refused');
  if (!isUnderstood && options.json !== true) throw notUnderstood(prediction);
  const rebuilt = isUnderstood ? rebuild(site, prediction, realservers) : undefined;
  if (rebuilt !== undefined && folder !== undefined) await saveSite(folder, rebuilt);
  const isRun =
    rebuilt !== undefined && options.predict !== true && options.probe !== true && rebuilt.labs.length > 0;
  const probe =
    isUnderstood && options.probe === true
      ? await probeSite(site, prediction, named, { signal: io.signal })
      : undefined;
  if (isRun) tellFirst(prediction, context);
  const proof = isRun
    ? await proveSite(rebuilt, prediction, { how: options, out: options.evidence, folder }, context)
    : undefined;
  if (proof?.interrupted !== undefined) return proof.interrupted;
  const isShown =
    rebuilt !== undefined &&
    (isRun || folder !== undefined || (options.predict !== true && probe === undefined));
  const shown = {
    services: proof?.services ?? new Map<VirtualService, ServiceProof>(),
    probes: probe?.services ?? new Map<VirtualService, ServiceProbe>(),
    kernel: probe?.kernel,
    directory: proof?.services.size === 0 ? undefined : proof?.directory,
    lines: [
      ...standInLines(all),
      ...(probe === undefined ? [] : probeLeftLines(probe)),
      ...(proof?.problem === undefined ? [] : [`the lab: ${proof.problem}`]),
      ...(isShown ? rebuiltLines(rebuilt) : []),
    ],
  };
  const exitCode = isUnderstood ? exitCodeOf(prediction, shown) : ExitCode.usage;
  const found = exitCode === ExitCode.ok ? undefined : findCures(files, named);
  const cures = await triedCures(found, proof, { ...options, realservers }, context);
  if (cures?.interrupted !== undefined) return cures.interrupted;
  if (options.json)
    printJson(
      predictionDocument(
        { files: all.flatMap((one) => one.files), standIns: all.flatMap((one) => one.standIns) },
        prediction,
        shown,
        { cures, exitCode },
      ),
    );
  else {
    const cure = cures === undefined ? '' : cureText(cures, paint, options.cures === true);
    print(predictionText(prediction, { ...shown, cure }, paint));
  }
  if (options.patch !== undefined) await writePatch(resolve(io.cwd, options.patch), cures);
  return exitCode;
}

/** Cures as far as they can be run: where the site could not be, its cures cannot either. */
async function triedCures(
  found: Cures | undefined,
  proof: SiteProof | undefined,
  how: CheckOptions & Pick<CureRequest, 'realservers'>,
  context: Context,
): Promise<(TriedCures & { readonly interrupted?: number | undefined }) | undefined> {
  if (found === undefined) return undefined;
  if (proof === undefined || proof.services.size === 0) return untried(found);
  return proveCures(
    found,
    { how, directory: proof.directory, isEach: how.cures === true, realservers: how.realservers },
    context,
  );
}

/** Reads files, and hosts by ssh once that is allowed: all of them are asked about at once. */
async function readerOf(
  paths: readonly string[],
  isAllowed: boolean,
  context: Context,
): Promise<(paths: readonly string[]) => Promise<readonly SourceFile[]>> {
  const { cwd } = context.io;
  const hosts = await filterAsync([...new Set(paths)], (path) => isRemote(path, cwd));
  if (hosts.length > 0) await allowRemote(hosts, isAllowed, context);
  return async (some) => {
    const files = [
      ...(await readFiles(
        some.filter((path) => !hosts.includes(path)),
        cwd,
      )),
    ];
    for (const host of some.filter((path) => hosts.includes(path)))
      files.push(...(await readRemote(host, context)));
    return files;
  };
}

/** What is known before the lab, which takes its time. */
function tellFirst({ services }: Prediction, { tell }: Context): void {
  for (const { service, outcome } of services)
    tell(
      `${serviceEnd(service)}: ${shownOutcome(service.protocol, outcome)}, as the rules read; now in the lab\n`,
    );
}

const helpText = `
The answer is predicted from the rules, and proven in the lab, where the site is rebuilt with its own names and addresses and clients end connections in seven ways. Where the two disagree the lab
counts, and that is told as a fault. With --predict, and where no engine with IPVS can be had, it is predicted only, and says so. With --probe packets of each kind are sent through the rules in a network namespace of this machine: as far as IPVS it is the kernel that answers, and behind it the prediction.

It reads iptables-save, ip6tables-save and iptables -S, nft list ruleset, ipset save, ipvsadm -Sn (or -Ln), keepalived.conf, ldirectord.cf, sysctl -a, ip address and ip route.

A host that is named, as in root@director, is read by ssh: what is run there (docs/collect.sh, which only reads) is shown first, and asked about, or allowed by --yes.

Where something is in the way of a service, changes of these files are tried, in the lab too, and the best that takes all of it away is shown as a diff, with what it lets in, the commands for the director, and how to go back.

Exit codes:
  0    every service is healthy
  1    a service cannot be reached, talked to or closed
  3    of a service it cannot be told, and none is worse
  5    wrong usage, or files that are not understood

Examples:
  lvs-lab check iptables.save ipvsadm.save
  lvs-lab check iptables.save --service 192.0.2.10:80 --in eth0
  lvs-lab check iptables.save ipvsadm.save --patch cure.patch && patch -p0 < cure.patch
  lvs-lab check root@director --realserver root@realserver1
  lvs-lab check lvs-site.tar --realserver rs1.tar --realserver 10.0.0.12=rs2.save
  lvs-lab check iptables.save ipvsadm.save --map x.x.x.10=192.0.2.10
  lvs-lab check lvs-site.tar --kernel debian:bookworm,debian:sid
  lvs-lab check lvs-site.tar --predict --save site && lvs-lab run site/*.yaml`;

function exitCodeOf({ services }: Prediction, shown: Pick<ShownProof, 'services' | 'probes'>): 0 | 1 | 3 {
  const outcomes = services.map(({ service, outcome }) => outcomeThatCounts(service, shown) ?? outcome);
  if (outcomes.some((outcome) => outcome !== 'healthy' && outcome !== 'unknown'))
    return ExitCode.verdictFailed;
  return outcomes.length === 0 || outcomes.includes('unknown') ? ExitCode.inconclusive : ExitCode.ok;
}

function notUnderstood({ problems }: Prediction): UsageError {
  return new UsageError(problems.map(problemText).join('\n'), {
    hint: 'Mend what is named, or leave the file out.',
  });
}
