/** How long a person has been in an occupation. */

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
