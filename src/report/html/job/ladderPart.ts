import type { Ladder, LadderPacket } from '../data/ladder.js';
import { packetText } from '../data/packetText.js';
import { ladderDrawing } from '../drawings/ladderDrawing.js';
import { drawnInPage } from '../drawings/svg.js';
import { html, type Content, type Html } from '../markup/html.js';
import type { Words } from '../words/english.js';
import { inBoth, inBothDrawn } from '../words/say.js';
import { dataTable, foldedTable } from '../parts/dataTable.js';

/** One connection from its first packet to its last, drawn, and as a table. */
export function ladderPart(ladder: Ladder | undefined, key: string): Html {
  const title = html`<h4>${inBoth((words) => words.ladder)}</h4>`;
  if (ladder === undefined)
    return html`<section>
      ${title}
      <p>${inBoth((words) => words.noLadder)}</p>
    </section>`;
  const name = `${key}-ladder`;
  const { client, fate } = ladder.connection;
  const about = inBoth((words) =>
    words.ladderAbout(
      client,
      fate === 'unexplained' ? words.unexplained : words.outcomes[fate],
      ladder.packets,
    ),
  );
  return html`<section>
    ${title}
    <figure>
      <figcaption id="${name}">${about}</figcaption>
      <div class="frame" tabindex="0">${drawnInPage(ladderDrawing(ladder, inBothDrawn), name)}</div>
    </figure>
    ${foldedTable(
      inBoth((words) => words.table),
      ladderTable(ladder, about),
    )}
  </section>`;
}

function ladderTable({ rows }: Ladder, caption: Html): Html {
  const heads = [
    inBoth((words) => words.secondsSince),
    inBoth((words) => words.packet),
    inBoth((words) => words.way),
    inBoth((words) => words.became),
  ];
  const cells = rows.map((row): Content[] =>
    row.row === 'gap'
      ? ['...', inBoth((words) => words.leftOut(row.packets, row.seconds.toFixed(1))), '', '']
      : [
          row.time.toFixed(6),
          inBoth((words) => packetText(row, words)),
          wayOf(row),
          row.endsAt === undefined ? '' : inBoth((words) => endText(row, words)),
        ],
  );
  return dataTable(heads, cells, { caption });
}

function wayOf({ hops }: LadderPacket): string {
  const first = hops[0]?.from ?? '?';
  return [first, ...hops.map(({ to }) => to ?? '?')].join(' \u2192 ');
}

function endText({ endsAt = '', takenBy }: LadderPacket, words: Words): string {
  const by = takenBy.length === 0 ? words.wentNoFurther : words.takenBy(takenBy);
  return `${words.endedAt(endsAt)}: ${by}`;
}
