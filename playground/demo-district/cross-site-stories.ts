import { itemKey } from '../../src/domain/item-payload.ts';
import { type Course, emptySetup } from './model.ts';
import { clearWork, type Scene, sectionOf } from './scene.ts';

/** Courses that one school teaches for another (X01 to X11). */
export function stageCrossSite(scene: Scene): void {
  const [serving, home] = [scene.course('lhs', '5030'), scene.course('bhs', '5030')];
  makeMirror(home, serving);
  map(scene, serving, home);
  scene.mark(home, ['grading_tasks_standards', itemKey.task('lk-quarter')], {
    story: "X07: The home school's copy receives no grading setup.",
    locked: 'SKIPPED_MIRROR',
    overwrite: 'SKIPPED_MIRROR',
  });

  const [ending, endingHome] = [scene.course('lhs', '5020'), scene.course('bhs', '5020')];
  makeMirror(endingHome, ending);
  map(scene, ending, endingHome);
  scene.mark(sectionOf(ending, 0), ['cross_site', itemKey.crossSite], {
    story: 'X06: The master left cross-site, but the section is mapped.',
    locked: 'RETAINED_PROTECTED',
    overwrite: 'RETAINED_PROTECTED',
  });

  // No column says which schools take part; until a school is switched on, its courses are skipped (X04).
  scene.mark(scene.course('lhs', '5010'), ['cross_site', itemKey.crossSite], {
    story: 'X03, X04: The master became cross-site; the school may not take part.',
    locked: 'SKIPPED_DEPENDENCY',
    overwrite: 'SKIPPED_DEPENDENCY',
  });
}

function makeMirror(home: Course, serving: Course): void {
  serving.crossSiteRole = 'serving';
  home.crossSiteRole = 'home_mirror';
  home.mirrorOf = serving.id;
  clearWork(home);
  home.setup = emptySetup();
  home.links = home.links.filter(
    ({ dataType }) => dataType === 'course_info' || dataType === 'cross_site',
  );
  for (const section of home.sections) {
    section.setup = emptySetup();
    section.links = section.links.filter(({ dataType }) => dataType === 'cross_site');
  }
}

function map(scene: Scene, serving: Course, home: Course): void {
  scene.crossSiteMaps.push(
    {
      servingSection: sectionOf(serving, 0).id,
      homeCourse: home.id,
      homePeriod: '4',
      status: 'mapped',
    },
    {
      servingSection: sectionOf(serving, 1).id,
      homeCourse: home.id,
      homePeriod: '5',
      status: 'unmapped',
    },
  );
}
