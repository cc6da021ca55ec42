import { describe, expect, it } from 'vitest';
import { includeProblems } from '../../../../../src/scenario/file/checks/nftIncludes.js';

describe('an include in an nft text', () => {
  it.each(['include "/etc/nftables.d/*.nft"', "  include 'main.nft'", 'flush ruleset; include "main.nft"'])(
    'is refused at its line: %s',
    (line) => {
      const problems = includeProblems(`table ip x { }\n${line}\n`);
      expect(problems).toEqual([{ message: expect.stringContaining('include') as string, line: 2 }]);
    },
  );

  it.each(['# include "main.nft"', 'add table ip include', '  comment "we include more here"'])(
    'is not seen in %s',
    (line) => {
      expect(includeProblems(line)).toEqual([]);
    },
  );
});
