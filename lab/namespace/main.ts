import { readFileSync } from 'node:fs';
import {
  type ProbeAnswer,
  type ProbedRules,
  probedRulesSchema,
  probeOrderSchema,
} from '../../src/contracts/agents/probeOrder.js';
import { ProbeCounts } from './probeCounts.js';
import { forgetAtOnce, makeInterfaces, sendersTo } from './host.js';
import { emptyRules, loadRules } from './rules.js';

/**
 * Runs in a network namespace of its own: reads an order and then rules, a line each, loads each of them, sends the probes and prints which
 * got as far as IPVS would take them. There a chain drops them, so that conntrack forgets them as it does on a director.
 */

const [first = '', ...lines] = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const order = probeOrderSchema.parse(JSON.parse(first));
makeInterfaces(order);
const senders = sendersTo(order.interfaces);
const counts = new ProbeCounts(order);

for (const line of lines)
  process.stdout.write(`${JSON.stringify(answerFor(probedRulesSchema.parse(JSON.parse(line))))}\n`);

function answerFor({ texts }: ProbedRules): ProbeAnswer {
  emptyRules();
  for (const one of texts) {
    const refused = loadRules(one);
    if (refused !== undefined) return { refused };
  }
  counts.begin();
  forgetAtOnce(order.loose);
  for (const [index, probe] of order.probes.entries()) senders.get(probe.comesIn)?.(probe, index + 1);
  counts.wait(order.probes.length);
  const passed = counts.passed();
  return { passed: order.probes.map((_, index) => passed.has(index + 1)) };
}
