import { Option, type Command } from '@commander-js/extra-typings';
import { type Forwarding, forwardings } from '../../../contracts/words/network.js';
import { adding } from '../../options/declared.js';
import { matrixOptions } from '../../options/matrixOptions.js';
import {
  accelOption,
  deadlineOption,
  engineOption,
  jsonOption,
  laneOptions,
  progressOption,
} from '../../options/options.js';
import type { CheckRunOptions } from './proveSites.js';

/** What `check` is asked beside the files. */
export interface CheckOptions extends CheckRunOptions {
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

/** Declares `check`: its arguments, its options, and what its help says. */
export function declareCheck(program: Command) {
  const [kernelOption] = matrixOptions();
  const [lanesOption] = laneOptions();
  return program
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
    .addOption(
      repeated(
        '--service <address:port>',
        'ask about this service only (ADDRESS:PORT/udp: of UDP); may be repeated',
      ),
    )
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
    .addHelpText('after', helpText);
}

/** An option with a value that may be given again, each time with another one. */
function repeated<const Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description)
    .argParser(adding<string>((value, previous = []) => [...previous, value]))
    .default([] as readonly string[], 'none');
}

const helpText = `
The answer is predicted from the rules, and proven in the lab, where the site is rebuilt with its own names and addresses and clients end connections in seven ways (of UDP they ask in three). Where the two disagree the lab
counts, and that is told as a fault. With --predict, and where no engine with IPVS can be had, it is predicted only, and says so. With --probe packets of each kind are sent through the rules in a network namespace of this machine: as far as IPVS it is the kernel that answers, and behind it the prediction.

It reads iptables-save, ip6tables-save and iptables -S, nft list ruleset, ipset save, ipvsadm -Sn (or -Ln), keepalived.conf, ldirectord.cf, sysctl -a, ip address and ip route.

A host that is named, as in root@director, is read by ssh: what is run there (docs/collect.sh, which only reads) is shown first, and asked about, or allowed by --yes.

Where something is in the way of a service, changes of these files are tried, in the lab too, and the best that takes all of it away is shown as a diff, with what it lets in, the commands for the director, and how to go back.

Exit codes:
  0    every service is healthy
  1    a service cannot be reached, talked to or closed
  3    of a service it cannot be told, and none is worse
  5    wrong usage, or files that are not understood
  130  interrupted (Ctrl-C), and 143: terminated (SIGTERM, SIGHUP); what is known by then is printed

Examples:
  lvs-lab check iptables.save ipvsadm.save
  lvs-lab check iptables.save --service 192.0.2.10:80 --in eth0
  lvs-lab check iptables.save ipvsadm.save --patch cure.patch && patch -p0 < cure.patch
  lvs-lab check root@director --realserver root@realserver1
  lvs-lab check lvs-site.tar --realserver rs1.tar --realserver 10.0.0.12=rs2.save
  lvs-lab check iptables.save ipvsadm.save --map x.x.x.10=192.0.2.10
  lvs-lab check lvs-site.tar --kernel debian:bookworm,debian:sid
  lvs-lab check lvs-site.tar --predict --save site && lvs-lab run site/*.yaml`;
