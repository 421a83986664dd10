/** Levels of education in the shipped surveys, the market's and the paper's, from the least to the most. */
export const educationLevels: readonly string[] = [
  'less than high school',
  'high school',
  'some college',
  "associate's degree",
  "bachelor's degree",
  'graduate degree',
  "master's degree",
  'doctorate or professional degree',
];

const rankOf = (level: string): number =>
  educationLevels.includes(level) ? educationLevels.indexOf(level) : educationLevels.length;

/** Orders levels from the least to the most, unknown ones after them. */
export const byLevel = (a: string, b: string): number => rankOf(a) - rankOf(b);

/** The groups with those of education from the least to the most, unknown levels after them; all others where they are. */
export const inOrderOfEducation = <Group extends { readonly characteristic: string; readonly group: string }>(
  groups: readonly Group[],
): readonly Group[] => {
  const isOfEducation = ({ characteristic }: Group): boolean => characteristic === 'education';
  const sorted = groups.filter(isOfEducation).sort((a, b) => byLevel(a.group, b.group));
  return groups.map((group) => (isOfEducation(group) ? (sorted.shift() as Group) : group));
};
