/**
 * The payload of one item: the fields the level above owns, as the engine compares, stores (sync
 * link base), reports and exports them. Keys are the bundle's column names; absent text and numbers
 * are null; numbers carry no trailing zeros; lists are sorted.
 */
export interface AttributePayload {
  /** Text as stored; null clears the attribute. */
  readonly value: string | number | boolean | null;
}

export interface TaskPayload {
  readonly scoreGroup: string | null;
  readonly credit: number | null;
  readonly creditType: string | null;
  readonly termGpaWeight: number | null;
  readonly creditOverflowOverride: string | null;
  readonly terms: readonly number[];
  readonly postOnly: boolean;
  readonly showOnPortal: boolean;
  readonly seq: number;
}

/** At a section `readOnly` is part of the payload: a pushed row is read-only to teachers (E06). */
export interface CalcOptionPayload {
  readonly calcType: 'none' | 'in_progress' | 'proficiency_estimate' | 'composite';
  readonly gradingScale: string | null;
  readonly weightCategories: boolean;
  readonly useScorePercent: boolean;
  readonly limitLastN: number | null;
  readonly cumulativeFromTerm: number | null;
  readonly proficiencyMethod: string | null;
  readonly readOnly?: boolean;
}

/** Children as `<gradable>:<term>`, sorted. Weights are items of Composite Weights. */
export interface CompositePayload {
  readonly children: readonly string[];
}

export interface CompositeWeightPayload {
  readonly weight: number;
}

export interface CategoryPayload {
  readonly name: string;
  readonly weight: number;
  readonly seq: number;
  readonly excludeFromCalc: boolean;
  readonly dropLowest: number;
  readonly defaultPoints: number | null;
  readonly gradables: readonly string[];
}

export interface AssessmentPayload {
  readonly standard: string | null;
  readonly copiesForward: boolean;
}

/** On a section `offered` is set when it first becomes cross-site (X01). */
export interface CrossSitePayload {
  readonly enabled: boolean;
  readonly offered?: boolean;
}

/**
 * Item keys, one vocabulary for links, plans, events, reports and the bundle (domain.md section 2):
 * `attr:<code>` · `task:<gradable>` · `calc:<gradable>:<term>` · `comp:<parent>:<term>` ·
 * `compw:<parent>:<term>><child>:<term>` · `cat:<source id of the category above>` ·
 * `assess:<test>` · `xsite`. A local category without a category above has `local:<its source id>`.
 */
export const itemKey = {
  attribute: (code: string) => `attr:${code}`,
  task: (gradable: string) => `task:${gradable}`,
  calcOption: (gradable: string, term: number) => `calc:${gradable}:${term}`,
  composite: (parent: string, term: number) => `comp:${parent}:${term}`,
  category: (upstreamSourceId: string) => `cat:${upstreamSourceId}`,
  assessment: (test: string) => `assess:${test}`,
  crossSite: 'xsite',
} as const;
