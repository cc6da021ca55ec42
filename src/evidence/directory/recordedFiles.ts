import { parseRecordedJson } from '../text/parseRecordedJson.js';
import { keptControlSchema, type KeptControl } from '../model/keptControl.js';
import { loadReportSchema, type LoadReport } from '../model/loadReport.js';
import { nodesSchema, type RecordedNode } from '../model/recordedNodes.js';
import { phaseSchema, type PhaseRecord } from '../model/phase.js';
import { planSchema, type RecordedPlan } from '../model/recordedPlan.js';

/** Each of these functions reads one JSON file of a run's directory. They throw EvidenceError that names the wrong field. */
export const readPlan = (text: string): RecordedPlan => parseRecordedJson(planSchema, text);
export const readNodes = (text: string): readonly RecordedNode[] => parseRecordedJson(nodesSchema, text);
export const readPhase = (text: string): PhaseRecord => parseRecordedJson(phaseSchema, text);
export const readKeptControl = (text: string): KeptControl => parseRecordedJson(keptControlSchema, text);
/** Reads the report of the load agent, in the text that it printed. */
export const readLoadReport = (text: string): LoadReport => parseRecordedJson(loadReportSchema, text);
