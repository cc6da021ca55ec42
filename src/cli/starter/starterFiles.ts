import { schemaFile, scenarioJsonSchemaText } from '../../scenario/file/jsonSchema.js';
import type { RecordedFile, Scenario } from '../../scenario/model/scenario.js';

/** A file to start from, by its name in the folder, and what it is for. */
export interface StarterFile extends RecordedFile {
  readonly purpose: string;
}

/** The schema that editors read; a newer one may take its place. */
export const schema = (): StarterFile => ({
  name: schemaFile,
  text: scenarioJsonSchemaText(),
  purpose: 'tells editors which keys there are',
});

/** A scenario of one's own, and the file of its rules, to be replaced with those of a director. */
export function ownScenario(name: string, stockRules: string): readonly StarterFile[] {
  const rules = `${name}.iptables`;
  return [
    {
      name: `${name}.yaml`,
      purpose: 'the scenario: topology, rules, what clients do, what is expected',
      text: `# What becomes of connections through the rules of our director.
# yaml-language-server: $schema=${schemaFile}
id: mine/${name}
title: The rules of our director
topology: { realservers: 2 }
director:
  # As iptables-save prints them. There are also rules6, nftables, ipset, sysctls, and interfaces, which says what yours are in the lab.
  rules: { file: ${rules} }
load:
  connections: 10
  # Who closes first: server or client. How: fin, rst or half-close.
  close: { first: server, how: fin }
expect:
  outcome: healthy
`,
    },
    {
      name: rules,
      purpose: "the director's rules: put yours here",
      text: `# Put your own here: ssh DIRECTOR iptables-save > ${rules}
# Until then these are the stock rules of Red Hat and its kin, through which connections open, and do not close.
${stockRules.replace(/^(?:#.*\n)+/, '')}`,
    },
  ];
}

/** A scenario of the library under a name of one's own, with its rule files. */
export function copiedScenario(
  name: string,
  { id, record }: Pick<Scenario, 'id' | 'record'>,
): readonly StarterFile[] {
  return record.map((file, index) =>
    index > 0
      ? { ...file, purpose: 'rules that it names' }
      : {
          name: `${name}.yaml`,
          purpose: `a copy of ${id}`,
          text: file.text
            .replace(/^id: .*$/m, `id: mine/${name}`)
            .replace(/^(# yaml-language-server: \$schema=).*$/m, `$1${schemaFile}`),
        },
  );
}
