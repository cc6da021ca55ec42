import { join } from 'node:path';
import { readScenarioEvidence } from '../../src/evidence/directory/read.js';
import type { PhaseEvidence } from '../../src/evidence/model/evidence.js';
import { socketCurves } from '../../src/report/html/data/curves.js';
import { ladderOf } from '../../src/report/html/data/ladder.js';
import { drawingStyles } from '../../src/report/html/document.js';
import { ladderDrawing } from '../../src/report/html/drawings/ladderDrawing.js';
import { lineChart } from '../../src/report/html/drawings/lineChart.js';
import { svgFileText } from '../../src/report/html/drawings/svg.js';
import { inEnglish } from '../../src/report/html/words/say.js';
import { LabError } from '../../src/support/errors.js';
import { findingOf } from '../../src/verdict/finding.js';

/** A figure of README and docs. */
export interface Figure {
  readonly name: string;
  /** The text of an SVG file. */
  readonly text: string;
}

/** The figures that are drawn from the recorded runs in a folder. */
export async function figures(runs: string): Promise<readonly Figure[]> {
  const styles = await drawingStyles();
  const story = await measuredIn(join(runs, 'close-server-first'));
  const ladder = ladderOf(story, findingOf(story), undefined);
  if (ladder === undefined)
    throw new LabError(`found no connection in the captures of ${runs}/close-server-first`);
  const scale = await measuredIn(join(runs, 'story-at-scale'));
  const curves = socketCurves(scale).find(({ node, of }) => node === 'realserver1' && of === 'flows');
  if (curves === undefined) throw new LabError(`found no sockets of flows in ${runs}/story-at-scale`);
  return [
    {
      name: 'ladder.svg',
      text: svgFileText(
        ladderDrawing(ladder, inEnglish),
        'A connection that a realserver closes, through the stock firewall on the director: every FIN of the client ends at the director',
        styles,
      ),
    },
    {
      name: 'fin-wait-2.svg',
      text: svgFileText(
        lineChart({ curves, counted: (words) => words.sockets }, inEnglish),
        'Sockets on one of two realservers by state, while 40,000 connections go through the stock firewall on the director',
        styles,
      ),
    },
  ];
}

async function measuredIn(directory: string): Promise<PhaseEvidence> {
  const { measured } = await readScenarioEvidence(directory);
  if (measured === undefined) throw new LabError(`found no measured phase in ${directory}`);
  return measured;
}
