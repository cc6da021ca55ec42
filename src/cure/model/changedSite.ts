import { filtersOf } from '../../prediction/filters.js';
import { type PredictionOptions, type Prediction, predict } from '../../prediction/predict.js';
import type { Chains, FilterChain, FilterRule } from '../../prediction/model/filter.js';
import type { Site } from '../../site/model/site.js';
import type { SourceFile } from '../../site/model/sourceFile.js';
import { readSite } from '../../site/readSite.js';
import { Draft } from './draft.js';

/** A site's files with changes, read and predicted as if they were the site's own. */
export class ChangedSite {
  /** The site without changes. */
  readonly original: ChangedSite;
  readonly site: Site;
  readonly prediction: Prediction;
  #chains: readonly Chains[] | undefined;

  private constructor(
    readonly drafts: readonly Draft[],
    private readonly named: PredictionOptions,
    /** Settings of the kernel that are to be others. */
    readonly settings: ReadonlyMap<string, string>,
    original?: ChangedSite,
  ) {
    this.original = original ?? this;
    const read = readSite(
      drafts.map(({ file }) => file),
      named.standIns,
    );
    const sysctls = settings.size === 0 ? read.sysctls : new Map([...(read.sysctls ?? []), ...settings]);
    this.site = { ...read, sysctls };
    this.prediction = predict(this.site, named);
  }

  static of(files: readonly SourceFile[], named: PredictionOptions): ChangedSite {
    return new ChangedSite(
      files.map((file) => Draft.of(file)),
      named,
      new Map(),
    );
  }

  get chains(): readonly Chains[] {
    this.#chains ??= filtersOf(this.site).families;
    return this.#chains;
  }

  get texts(): string {
    return JSON.stringify(this.drafts.map(({ file }) => file.text));
  }

  draftOf(name: string): Draft | undefined {
    return this.drafts.find((draft) => draft.name === name);
  }

  /** The site with another text in the place of the one with the same name. */
  with(draft: Draft): ChangedSite {
    const drafts = this.drafts.map((one) => (one.name === draft.name ? draft : one));
    return new ChangedSite(drafts, this.named, this.settings, this.original);
  }

  withSetting(key: string, value: string): ChangedSite {
    const settings = new Map([...this.settings, [key, value]]);
    return new ChangedSite(this.drafts, this.named, settings, this.original);
  }

  /** The chain that has a rule at a line, and the rules there. */
  rulesAt(
    file: string,
    line: number,
  ): { readonly chain: FilterChain; readonly rules: readonly FilterRule[] } | undefined {
    for (const chains of this.chains)
      for (const chain of chains.values()) {
        const rules = chain.rules.filter(({ at }) => at.line === line && at.file === file);
        if (rules.length > 0) return { chain, rules };
      }
    return undefined;
  }

  /** A chain by its name. */
  chainNamed(name: string): FilterChain | undefined {
    return this.chains.map((chains) => chains.get(name)).find((chain) => chain !== undefined);
  }
}
