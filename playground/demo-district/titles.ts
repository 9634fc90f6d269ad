/** A subject of a catalog with the titles of its course masters, in order of their numbers. */
export interface Subject {
  subject: string;
  department: string;
  gpaWeight: number;
  titles: readonly string[];
}

/**
 * Titles that hurt whoever prints them carelessly: formulas for spreadsheets, mentions for Slack, quotes and commas
 * for CSV, markup, scripts that run the other way, and the longest name a district may give (255 characters).
 */
export const HURTFUL_TITLES: readonly string[] = [
  `=cmd()|' /C calc'!A0`,
  '<!channel> Studies',
  '@here',
  '+1 Math',
  '-2',
  `The "Great Books", quoted, and 'more'`,
  'Español avanzado: ¿qué pasó?',
  '日本語・文学と文化',
  'العربية للمبتدئين',
  'עברית (מתחילים) 101',
  `&amp; *bold* _em_ ~gone~ <https://example.org|Film> & Sound`,
  'Independent study in the long tradition of long names, '.padEnd(254, 'long ').concat('.'),
];

export const HIGH_SUBJECTS: readonly Subject[] = [
  {
    subject: 'English',
    department: 'English',
    gpaWeight: 1,
    titles: [
      'English 9',
      'English 10',
      'English 11',
      'English 12',
      'AP Literature',
      'AP Language',
      'Creative Writing',
      'Journalism',
    ],
  },
  {
    subject: 'Mathematics',
    department: 'Mathematics',
    gpaWeight: 1,
    titles: [
      'Algebra I',
      'Geometry',
      'Algebra II',
      'Pre-Calculus',
      'AP Calculus AB',
      'AP Calculus BC',
      'Statistics',
      'Discrete Mathematics',
    ],
  },
  {
    subject: 'Science',
    department: 'Science',
    gpaWeight: 1,
    titles: [
      'Biology',
      'Chemistry',
      'Physics',
      'Earth Science',
      'AP Biology',
      'AP Chemistry',
      'Marine Science',
      'Astronomy',
    ],
  },
  {
    subject: 'Social Studies',
    department: 'Social Studies',
    gpaWeight: 1,
    titles: [
      'US History',
      'World History',
      'Government',
      'Economics',
      'AP US History',
      'Psychology',
      'Sociology',
      'Geography',
    ],
  },
  {
    subject: 'World Languages',
    department: 'Languages',
    gpaWeight: 1,
    titles: [
      'Spanish I',
      'Spanish II',
      'Spanish III',
      'French I',
      'French II',
      'German I',
      'Latin I',
      'Mandarin I',
    ],
  },
  {
    subject: 'Arts',
    department: 'Arts',
    gpaWeight: 0.5,
    titles: [
      'Studio Art I',
      'Studio Art II',
      'Ceramics',
      'Photography',
      'Concert Band',
      'Choir',
      'Theatre I',
      'Orchestra',
    ],
  },
  {
    subject: 'Career and Technical',
    department: 'CTE',
    gpaWeight: 0.5,
    titles: [
      'Computer Science I',
      'Computer Science II',
      'Robotics',
      'Accounting',
      'Culinary Arts I',
      'Automotive I',
      'Health Science',
      'Marketing',
    ],
  },
  {
    subject: 'Physical Education',
    department: 'PE',
    gpaWeight: 0.5,
    titles: [
      'Health',
      'Physical Education 9',
      'Weight Training',
      'Swimming',
      'Dance',
      'Team Sports',
      'Yoga',
      'Lifeguarding',
    ],
  },
  { subject: 'Special Studies', department: 'Special', gpaWeight: 0.5, titles: HURTFUL_TITLES },
];

const MIDDLE_STRANDS: readonly (readonly [string, string])[] = [
  ['Language Arts', 'English'],
  ['Mathematics', 'Mathematics'],
  ['Science', 'Science'],
  ['Social Studies', 'Social Studies'],
  ['Physical Education', 'PE'],
  ['Exploratory Arts', 'Arts'],
];

export const MIDDLE_SUBJECTS: readonly Subject[] = MIDDLE_STRANDS.map(([subject, department]) => ({
  subject,
  department,
  gpaWeight: 1,
  titles: [6, 7, 8].flatMap((grade) => [`${subject} ${grade}`, `Advanced ${subject} ${grade}`]),
}));

export const ELEMENTARY_SUBJECTS: readonly Subject[] = [
  'Reading',
  'Writing',
  'Mathematics',
  'Science',
  'Social Studies',
].map((subject) => ({
  subject,
  department: 'Elementary',
  gpaWeight: 0,
  titles: ['Kindergarten', 'Grade 1', 'Grade 2', 'Grade 3', 'Grade 4', 'Grade 5'].map(
    (grade) => `${subject}, ${grade}`,
  ),
}));
