import { resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { forwardings } from '../../contracts/words/network.js';
import { findCures } from '../../cure/findCures.js';
import { type Prediction, predict } from '../../prediction/predict.js';
import { rebuild } from '../../rebuild/rebuild.js';
import { cureText } from '../../report/check/cureText.js';
import { predictionDocument } from '../../report/check/predictionDocument.js';
import { predictionText, problemText, wayUsed } from '../../report/check/predictionText.js';
import { rebuiltLines } from '../../report/check/rebuiltText.js';
import { readFiles } from '../../site/files/readFiles.js';
import { readSite } from '../../site/readSite.js';
import { ExitCode, UsageError } from '../../support/errors.js';
import { refuseUsedFolder, saveSite } from './check/saveSite.js';
import { writePatch } from './check/writePatch.js';
import type { CommandAction } from '../frame/commandAction.js';
import type { Context } from '../frame/context.js';
import { jsonOption } from '../options/options.js';

/** `check FILE...`: what the rules of a director do to its services. */
export function addCheck(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('check')
    .description("say what a director's own rules do to the packets of its services, from its files")
    .argument(
      '<file...>',
      'files of the director, or folders or tars with them; what each is, its content says',
    )
    .option('--predict', 'answer from the rules alone; that is all there is so far, and so the default')
    .option('--service <address:port>', 'ask about this service only; may be repeated', collected, [])
    .addOption(
      new Option('--forwarding <how>', 'how a --service that is in no file is forwarded').choices(
        forwardings,
      ),
    )
    .option('--in <interface>', 'the interface by which clients come in')
    .option('--out <interface>', 'the interface behind which the realservers are')
    .option(
      '--client <address>',
      'ask about clients with this address, or in this network; may be repeated',
      collected,
      [],
    )
    .option('--cures', 'show every cure whole, not only the best')
    .option('--patch <file>', 'write the best cure to a file, as `patch -p0` takes it')
    .option('--save <dir>', 'write the site as scenarios into a new folder, its rule files beside them')
    .addOption(jsonOption())
    .addHelpText('after', helpText)
    .action(
      ending(async (paths, options) => {
        const { io, print, printJson, paint, tell } = context;
        const { service, forwarding, in: clientSide, out: serverSide, client, save } = options;
        const folder = save === undefined ? undefined : resolve(io.cwd, save);
        if (folder !== undefined) await refuseUsedFolder(folder);
        const files = await readFiles(paths, io.cwd);
        const site = readSite(files);
        const named = { services: service, forwarding, clientSide, serverSide, clients: client };
        const prediction = predict(site, named);
        const exitCode = exitCodeOf(prediction);
        const cures = findCures(files, named);
        if (options.json) printJson(predictionDocument(site.files, prediction, { cures, exitCode }));
        else if (exitCode === ExitCode.usage) throw notUnderstood(prediction);
        else {
          const text = cures === undefined ? '' : cureText(cures, paint, options.cures === true);
          print(predictionText(prediction, text, paint));
        }
        if (options.patch !== undefined) await writePatch(resolve(io.cwd, options.patch), cures);
        if (folder !== undefined && exitCode !== ExitCode.usage) {
          const rebuilt = rebuild(site, prediction);
          await saveSite(folder, rebuilt);
          for (const line of rebuiltLines(rebuilt)) tell(`${line}\n`);
        }
        return exitCode;
      }),
    );
}

const helpText = `
Answers are ${wayUsed}: a proof in the lab is not built yet. To run the rules, see docs/own-rules.md.

It reads iptables-save, ip6tables-save and iptables -S, nft list ruleset, ipset save, ipvsadm -Sn (or -Ln), keepalived.conf, ldirectord.cf, sysctl -a, ip address and ip route.

Where something is in the way of a service, changes of these files are tried, and the best that takes all of it away is shown as a diff, with what it lets in, the commands for the director, and how to go back.

Exit codes:
  0    every service is healthy
  1    a service cannot be reached, talked to or closed
  3    of a service it cannot be told, and none is worse
  5    wrong usage, or files that are not understood

Examples:
  lvs-lab check iptables.save ipvsadm.save
  lvs-lab check iptables.save --service 192.0.2.10:80 --in eth0
  lvs-lab check iptables.save ipvsadm.save --patch cure.patch && patch -p0 < cure.patch
  lvs-lab check lvs-site.tar --save site && lvs-lab run site/*.yaml`;

function collected(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function exitCodeOf({ services, problems }: Prediction): 0 | 1 | 3 | 5 {
  if (problems.some(({ done }) => done === 'refused')) return ExitCode.usage;
  const outcomes = services.map(({ outcome }) => outcome);
  if (outcomes.some((outcome) => outcome !== 'healthy' && outcome !== 'unknown'))
    return ExitCode.verdictFailed;
  return outcomes.length === 0 || outcomes.includes('unknown') ? ExitCode.inconclusive : ExitCode.ok;
}

function notUnderstood({ problems }: Prediction): UsageError {
  return new UsageError(problems.map(problemText).join('\n'), {
    hint: 'Mend what is named, or leave the file out.',
  });
}
