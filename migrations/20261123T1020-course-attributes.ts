import { type Kysely, sql } from 'kysely';

/** code, label, card, value type, max length, soft lock only, section overridable (domain.md 1.5). */
const BUILT_IN = [
  ['number', 'Number', 'general', 'text', 30, false, false],
  ['name', 'Name', 'general', 'text', 255, false, false],
  ['active', 'Active', 'general', 'bool', null, false, false],
  ['state_code', 'State Code', 'general', 'code', 30, false, true],
  ['state_code_name', 'State Code Name', 'general', 'text', 100, false, false],
  ['sced_subject_area', 'SCED Subject Area', 'nces', 'code', 10, false, false],
  ['sced_level', 'SCED Course Level', 'nces', 'code', 10, false, false],
  ['sced_sequence', 'SCED Sequence', 'nces', 'code', 10, false, false],
  ['sced_available_credit', 'SCED Available Credit', 'nces', 'numeric', null, false, false],
  ['description', 'Description', 'description', 'text', 4000, false, false],
  ['department', 'Department', 'scheduling', 'text', 60, false, false],
  ['max_students', 'Max Students', 'scheduling', 'int', null, false, true],
  ['terms', 'Terms', 'scheduling', 'int', null, true, false],
  ['schedules', 'Schedules', 'scheduling', 'int', null, true, false],
  ['periods', 'Periods', 'scheduling', 'int', null, true, false],
  ['sections_to_build', 'Sections to Build', 'scheduling', 'int', null, false, false],
  ['grade_level', 'Grade Level', 'scheduling', 'text', 60, false, false],
  ['academic_level', 'Academic Level', 'scheduling', 'code', 30, false, false],
  ['college', 'College', 'scheduling', 'code', 60, false, false],
  ['attendance', 'Attendance', 'setup', 'bool', null, false, false],
  ['positive_attendance', 'Positive Attendance', 'setup', 'bool', null, false, false],
  ['standards_based', 'Standards Based', 'setup', 'bool', null, false, false],
  ['transcript', 'Transcript', 'setup', 'bool', null, false, false],
  ['gpa_weight', 'GPA Weight', 'setup', 'numeric', null, false, false],
  ['bonus_points', 'Bonus Points', 'setup', 'bool', null, false, false],
  ['subject_type', 'Subject Type', 'setup', 'code', 60, false, false],
  ['type', 'Type', 'setup', 'code', 30, false, true],
  ['activity', 'Activity', 'setup', 'bool', null, false, false],
  ['honors', 'Honors', 'setup', 'bool', null, false, true],
  ['core_academic_class', 'Core Academic Class', 'setup', 'bool', null, false, false],
  ['homeroom', 'Homeroom', 'setup', 'bool', null, false, true],
  ['advisory', 'Advisory', 'setup', 'bool', null, false, true],
  ['required', 'Required', 'setup', 'bool', null, false, false],
  ['repeatable', 'Repeatable', 'setup', 'bool', null, false, false],
  ['allow_student_requests', 'Allow Student Requests', 'setup', 'bool', null, false, false],
  ['responsive_scheduling', 'Responsive Scheduling', 'setup', 'bool', null, false, false],
  ['hide_standards_on_portal', 'Hide Standards on Portal', 'setup', 'bool', null, false, false],
  ['external_lms_exclude', 'External LMS Exclude', 'setup', 'bool', null, false, true],
  ['dual_credit', 'Dual Credit', 'setup', 'code', 30, false, true],
  ['state_report_exclude', 'State Report Exclude', 'state', 'bool', null, false, true],
] as const;

/** The attributes every district has; districts add their own through the bundle (`cmAttributes`). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [code, label, card, valueType, maxLength, softOnly, overridable] of BUILT_IN) {
    await sql`
      insert into course_attribute
        (code, label, card, value_type, max_length, soft_lock_only, section_overridable)
      values (${code}, ${label}, ${card}, ${valueType}, ${maxLength}, ${softOnly}, ${overridable})`.execute(
      db,
    );
  }
}
