import type { Scenario } from '../../scenario/model/scenario.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import { symptoms } from './symptoms.js';
import { flowExpectationText, flowLoadText } from '../phrases/flowLoadText.js';
import { scenarioEventText, loadText, settingsText, topologyText } from '../phrases/scenarioParts.js';

/** The text of `docs/scenarios.md`: every scenario of the library by topic, in Markdown. Scenarios and topics keep the order given. */
export function libraryPage(scenarios: readonly Scenario[]): string {
  const topics = [...new Set(scenarios.map(topicOf))].map((topic) => ({
    topic,
    scenarios: scenarios.filter((scenario) => topicOf(scenario) === topic),
  }));
  const blocks = [
    '<!-- Written by `npm run docs` from the files in scenarios/. -->',
    '# The scenarios',
    "Each scenario is one file with one behaviour: what people see, why it happens, and what a run must find. `lvs-lab run ID` runs one, `lvs-lab run 'TOPIC/*'` a topic. The control run of each is the same topology and load without rules and sysctls, and must be healthy. The mutation is the same scenario with one thing changed on purpose; `lvs-lab run --mutate` runs it, and must not find what the scenario expects.",
    topics
      .flatMap(({ topic, scenarios: ofTopic }) => [
        `- [${topic}](#${anchor(topic)})`,
        ...ofTopic.map(contentsLine),
      ])
      .join('\n'),
    ...symptomIndex(scenarios),
    ...topics.flatMap(({ topic, scenarios: ofTopic }) => [`## ${topic}`, ...ofTopic.flatMap(section)]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What people see, and which scenarios have it. */
function symptomIndex(scenarios: readonly Scenario[]): string[] {
  const lists = symptoms.flatMap(({ seen, isSeenIn }) => {
    const having = scenarios.filter(isSeenIn);
    return having.length === 0 ? [] : [`- **${seen}:**`, ...having.map(contentsLine)];
  });
  return lists.length === 0 ? [] : ['## By symptom', lists.join('\n')];
}

/** A scenario's topic, which is the first part of its id. */
function topicOf({ id }: Scenario): string {
  return id.slice(0, id.indexOf('/'));
}

function contentsLine({ id, title }: Scenario): string {
  return `  - [${id}](#${anchor(id)}): ${prose(title)}`;
}

function section(scenario: Scenario): string[] {
  const { id, title, story, why } = scenario;
  return [
    `### ${id}`,
    `**${prose(title)}**`,
    ...(story === undefined ? [] : [prose(story.trim())]),
    ...(why === undefined ? [] : [`_Why:_ ${prose(why.trim())}`]),
    facts(scenario).join('\n'),
  ];
}

/** The facts about a scenario that fit a line each. */
function facts(scenario: Scenario): string[] {
  const { id, expect, topology, load, flows, events, measuredOn, links, mutation } = scenario;
  const settings = [
    ...Object.entries(scenario.roles).flatMap(([role, ofRole]) => {
      const words = settingsText(ofRole);
      return words === undefined ? [] : [`  - ${role}: ${words}`];
    }),
    ...Object.entries(scenario.nodes).map(
      ([name, own]) => `  - ${name} alone: ${settingsText(own) ?? 'nothing'}`,
    ),
  ];
  return [
    `- Expected: ${expectationText(expect)}`,
    `- Topology: ${topologyText(topology)}`,
    `- Load: ${loadText(load)}`,
    ...(flows === undefined ? [] : [`- Flows: ${flowLoadText(flows)}`]),
    ...(expect.flows === undefined ? [] : [`- Expected of the flows: ${flowExpectationText(expect.flows)}`]),
    ...(settings.length === 0 ? ['- Rules and sysctls: none'] : ['- Rules and sysctls:', ...settings]),
    ...(events.length === 0
      ? []
      : ['- Events:', ...events.map((event) => `  - ${scenarioEventText(event)}`)]),
    `- Measured on: ${measuredOn.length === 0 ? 'not recorded' : measuredOn.join(', ')}`,
    ...(mutation === undefined ? [] : [`- Mutation: ${prose(mutation.what)}`]),
    ...(links.length === 0 ? [] : [`- See: ${links.map(sourceText).join(', ')}`]),
    `- File: [scenarios/${id}.yaml](../scenarios/${id}.yaml)`,
  ];
}

function sourceText({ title, url }: Scenario['links'][number]): string {
  return title === undefined ? `<${url}>` : `[${prose(title)}](${url})`;
}

/** The anchor that GitHub makes of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

/** A text as its author wrote it, with characters escaped that Markdown would take for emphasis or HTML; code stays as it is. */
function prose(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('    ') ? line : escapeLine(line)))
    .join('\n');
}

function escapeLine(line: string): string {
  return line
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[*<]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`)))
    .join('');
}
