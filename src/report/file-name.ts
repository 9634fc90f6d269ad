import { type ArtifactFormat, type ArtifactKind } from '../domain/push-run.ts';

const SUFFIX: Readonly<Record<ArtifactKind, string>> = {
  push_report: '',
  change_log: '-changes',
  plan: '-plan',
};

/** "push-1042-high-school-catalog-21-22.csv"; the change log ends in "-changes", the plan in "-plan". */
export function fileName(
  run: { readonly id: number; readonly catalog: string; readonly year: string },
  kind: ArtifactKind,
  format: ArtifactFormat,
): string {
  const parts = ['push', String(run.id), slug(run.catalog, 60), slug(run.year, 12)];
  return `${parts.filter((part) => part !== '').join('-')}${SUFFIX[kind]}.${format}`;
}

/** "residual-high-school-catalog-21-22.csv". */
export function setupReportFileName(about: {
  readonly report: string;
  readonly catalog: string;
  readonly year: string;
  readonly format: ArtifactFormat;
}): string {
  const parts = [about.report, slug(about.catalog, 60), slug(about.year, 12)];
  return `${parts.filter((part) => part !== '').join('-')}.${about.format}`;
}

/** Lower-case ASCII letters and digits with single hyphens between. */
function slug(text: string, longest: number): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
}
