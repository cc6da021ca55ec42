import { readShape } from '../text/readShape.js';
import { loadReportSchema, type LoadReport } from '../model/loadReport.js';
import { nodesSchema, type RecordedNode } from '../model/nodes.js';
import { phaseSchema, type PhaseRecord } from '../model/phase.js';
import { planSchema, type RecordedPlan } from '../model/plan.js';

/** Each of these reads one JSON file of a run directory; EvidenceError says which field is not as expected. */
export const readPlan = (text: string): RecordedPlan => readShape(planSchema, text);
export const readNodes = (text: string): readonly RecordedNode[] => readShape(nodesSchema, text);
export const readPhase = (text: string): PhaseRecord => readShape(phaseSchema, text);
/** The load agent's report, as it printed it. */
export const readLoadReport = (text: string): LoadReport => readShape(loadReportSchema, text);
