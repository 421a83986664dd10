/** How long a person has been in an occupation, and which other one came before. */

/** [T] Years, the first and the last included, of the observations in a row with the occupation, up to each one. */
export const yearsHeld = (
  observations: readonly { readonly year: number; readonly occupation: number | undefined }[],
): readonly number[] => {
  let since = NaN;
  return observations.map(({ year, occupation }, t) => {
    if (occupation !== observations[t - 1]?.occupation || t === 0) since = year;
    return year - since + 1;
  });
};

/** [T] The last other occupation before each one's; undefined where there has been none. */
export const lastOthers = (occupations: readonly number[]): readonly (number | undefined)[] => {
  let former: number | undefined;
  return occupations.map((occupation, t) => {
    const before = occupations[t - 1];
    if (occupation !== before) former = before;
    return former;
  });
};
