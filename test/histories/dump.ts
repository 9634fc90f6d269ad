import {
  type Attribute,
  type Attributes,
  type Catalog,
  type Course,
  type DistrictState,
  EMPTY_SETUP,
  type Link,
  type Master,
  type Payload,
  type Section,
  type Setup,
} from '../oracle/state.ts';
import { attributes, groupBy, payload } from './payloads.ts';
import { type Rows } from './rows.ts';

/** Reads the database's rows as the plain state that the model of the push rules works on. */
export function dumpState(rows: Rows, registry: readonly Attribute[]): DistrictState {
  const dump = new Dump(rows);
  return {
    participation: participation(rows),
    schools: rows.school.map((row) => ({
      id: row.source_id,
      crossSiteEnabled: row.cross_site_enabled,
    })),
    years: rows.school_year.map((year) => year.label),
    calendars: dump.calendars(),
    attributes: registry,
    gradables: rows.gradable.map(({ id, kind }) => ({ id, kind })),
    tests: rows.test.map(({ id }) => id),
    catalogs: dump.catalogs(),
    masters: rows.course_master.map((row) => dump.master(row)),
    courses: rows.course.map((row) => dump.course(row)),
    ...dump.studentWork(),
  };
}

function participation({ district }: Rows): DistrictState['participation'] {
  const [row] = district;
  const value = row?.cross_site_participation;
  return value === 'intra' || value === 'inter' || value === 'intra_inter' ? value : 'disable';
}

/** Names of ids, and rows by their owner: what every part of a dump looks up. */
class Dump {
  readonly #rows: Rows;
  readonly #setups = new Map<number, Setup>();
  readonly #links: ReadonlyMap<number, Link[]>;
  readonly #scopes: ReadonlyMap<string, number>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #sections: ReadonlyMap<number, readonly Rows['section'][number][]>;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#names = new Map([
      ...rows.school.map((row) => [`school ${row.id}`, row.source_id] as const),
      ...rows.school_year.map((row) => [`year ${row.id}`, row.label] as const),
      ...rows.calendar.map((row) => [`calendar ${row.id}`, row.source_id] as const),
      ...rows.course_catalog.map((row) => [`catalog ${row.id}`, row.name] as const),
      ...rows.course.map((row) => [`course ${row.id}`, row.source_id] as const),
      ...rows.section.map((row) => [`section ${row.id}`, row.source_id] as const),
      ...rows.category.map((row) => [`category ${row.id}`, row.source_id] as const),
    ]);
    this.#scopes = new Map(rows.setup_scope.map((row) => [scopeName(row), row.id]));
    this.#sections = groupBy(rows.section, (row) => row.course_id);
    this.#fillSetups();
    this.#links = this.#readLinks();
  }

  #name(kind: string, id: number | null): string {
    return this.#names.get(`${kind} ${id ?? 0}`) ?? `gone:${id ?? 0}`;
  }

  #setup(owner: string): Setup {
    return this.#setups.get(this.#scopes.get(owner) ?? 0) ?? EMPTY_SETUP;
  }

  #fillSetups(): void {
    const { task_alignment, calc_option, composite, composite_child, category } = this.#rows;
    const tasks = groupBy(task_alignment, (row) => row.scope_id);
    const calcs = groupBy(calc_option, (row) => row.scope_id);
    const composites = groupBy(composite, (row) => row.scope_id);
    const children = groupBy(composite_child, (row) => row.composite_id);
    const categories = groupBy(category, (row) => row.scope_id);
    const assessments = groupBy(this.#rows.assessment_alignment, (row) => row.scope_id);
    for (const { id } of this.#rows.setup_scope)
      this.#setups.set(id, {
        tasks: (tasks.get(id) ?? []).map((row) => ({
          id: String(row.id),
          gradable: row.gradable_id,
          ...payload.task(row),
        })),
        calcOptions: (calcs.get(id) ?? []).map((row) => ({
          gradable: row.gradable_id,
          term: row.term_seq,
          ...payload.calcOption(row, 'course'),
          readOnly: row.read_only,
        })),
        composites: (composites.get(id) ?? []).map((row) => ({
          parent: row.parent_gradable_id,
          term: row.parent_term_seq,
          children: (children.get(row.id) ?? []).map((child) => ({
            gradable: child.child_gradable_id,
            term: child.child_term_seq,
            weight: child.weight,
          })),
        })),
        categories: (categories.get(id) ?? []).map((row) => ({
          id: row.source_id,
          ...payload.category(row),
        })),
        assessments: (assessments.get(id) ?? []).map((row) => ({
          test: row.test_id,
          ...payload.assessment(row),
        })),
      });
  }

  #readLinks(): Map<number, Link[]> {
    const versions = new Map(this.#rows.payload_version.map((row) => [row.id, row.payload]));
    const owners = new Map(
      this.#rows.setup_scope.map((row) => [
        row.id,
        row.course_master_id !== null
          ? String(row.course_master_id)
          : row.course_id !== null
            ? this.#name('course', row.course_id)
            : this.#name('section', row.section_id),
      ]),
    );
    const links = new Map<number, Link[]>();
    for (const row of this.#rows.sync_link)
      links.set(row.scope_id, [
        ...(links.get(row.scope_id) ?? []),
        {
          dataType: row.data_type,
          key: row.item_key,
          upstream:
            row.upstream_scope_id === null ? null : (owners.get(row.upstream_scope_id) ?? null),
          row: row.data_type === 'categories' ? this.#categoryOf(row, owners) : null,
          base: versions.get(row.version_id) as Payload,
          state: row.state,
          residualRun: row.residual_run_id,
          wasReset: row.state === 'residual' && row.reason === 'master_task_removed',
        },
      ]);
    return links;
  }

  /** A category that was lost has the id that a push gives it again: its owner's and that above. */
  #categoryOf(link: Rows['sync_link'][number], owners: ReadonlyMap<number, string>): string {
    return (
      this.#names.get(`category ${link.row_id ?? 0}`) ??
      `${owners.get(link.scope_id) ?? ''}/${link.item_key.slice('cat:'.length)}`
    );
  }

  #linksOf(owner: string): Link[] {
    return this.#links.get(this.#scopes.get(owner) ?? 0) ?? [];
  }

  calendars(): DistrictState['calendars'] {
    const terms = groupBy(this.#rows.term, (row) => row.calendar_id);
    return this.#rows.calendar.map((row) => ({
      id: row.source_id,
      school: this.#name('school', row.school_id),
      year: this.#name('year', row.school_year_id),
      terms: (terms.get(row.id) ?? []).map((term) => ({
        seq: term.seq,
        startOn: term.start_on,
        endOn: term.end_on,
      })),
    }));
  }

  catalogs(): Catalog[] {
    const { course_catalog, catalog_type_lock, catalog_attribute_lock } = this.#rows;
    return course_catalog.map(({ id, name }) => ({
      name,
      typeLocks: Object.fromEntries(
        catalog_type_lock
          .filter((lock) => lock.catalog_id === id)
          .map((lock) => [lock.data_type, lock.mode]),
      ),
      attributeLocks: Object.fromEntries(
        catalog_attribute_lock
          .filter((lock) => lock.catalog_id === id)
          .map((lock) => [lock.attribute_code, lock.mode]),
      ),
    }));
  }

  master(row: Rows['course_master'][number]): Master {
    return {
      id: String(row.id),
      catalog: this.#name('catalog', row.catalog_id),
      crossSiteEnabled: row.cross_site_enabled,
      attrs: attributesOf(row),
      setup: this.#setup(`master ${row.id}`),
    };
  }

  course(row: Rows['course'][number]): Course {
    return {
      id: row.source_id,
      calendar: this.#name('calendar', row.calendar_id),
      master: row.course_master_id === null ? null : String(row.course_master_id),
      ignoreMasterPush: row.ignore_master_push,
      crossSiteEnabled: row.cross_site_enabled,
      crossSiteRole: row.cross_site_role,
      mirrorOf:
        row.mirror_of_course_id === null ? null : this.#name('course', row.mirror_of_course_id),
      attrs: attributesOf(row),
      setup: this.#setup(`course ${row.id}`),
      links: this.#linksOf(`course ${row.id}`),
      sections: (this.#sections.get(row.id) ?? []).map((section) => this.#section(section)),
    };
  }

  #section(row: Rows['section'][number]): Section {
    return {
      id: row.source_id,
      number: row.number,
      overrides: attributes(row.attr_overrides),
      crossSiteEnabled: row.cross_site_enabled,
      crossSiteOffered: row.cross_site_offered,
      mapStatuses: this.#rows.cross_site_map
        .filter((map) => map.serving_section_id === row.id)
        .map((map) =>
          map.status === 'mapped' || map.status === 'closed' ? map.status : 'unmapped',
        ),
      crossSiteStudents: this.#rows.roster.filter(
        (student) => student.section_id === row.id && student.via_cross_site_map_id !== null,
      ).length,
      setup: this.#setup(`section ${row.id}`),
      links: this.#linksOf(`section ${row.id}`),
    };
  }

  studentWork(): Pick<DistrictState, 'assignments' | 'postedGrades' | 'testScores'> {
    const gradables = groupBy(this.#rows.assignment_gradable, (row) => row.assignment_id);
    const scores = groupBy(this.#rows.score, (row) => row.assignment_id);
    const { assignment, posted_grade, test_score } = this.#rows;
    return {
      assignments: assignment.map((row) => ({
        id: row.source_id,
        section: this.#name('section', row.section_id),
        category: row.category_id === null ? null : this.#name('category', row.category_id),
        gradables: (gradables.get(row.id) ?? []).map((aligned) => aligned.gradable_id),
        dueOn: row.due_on,
        active: row.active,
        deleted: row.deleted_at !== null,
        scores: (scores.get(row.id) ?? []).map((score) => ({
          student: score.student_id,
          value: score.value,
          flags: score.flags,
          comment: score.comment,
        })),
      })),
      postedGrades: posted_grade.map((row) => ({
        section: this.#name('section', row.section_id),
        gradable: row.gradable_id,
        term: row.term_seq,
        student: row.student_id,
        score: row.score,
        percent: row.percent,
        comment: row.comment,
      })),
      testScores: test_score.map((row) => ({
        section: this.#name('section', row.section_id),
        test: row.test_id,
        student: row.student_id,
      })),
    };
  }
}

function scopeName(row: Rows['setup_scope'][number]): string {
  return `${row.kind} ${row.course_master_id ?? row.course_id ?? row.section_id ?? 0}`;
}

function attributesOf(row: { number: string; name: string; attrs: unknown }): Attributes {
  return { ...attributes(row.attrs), number: row.number.trim(), name: row.name.trim() };
}
