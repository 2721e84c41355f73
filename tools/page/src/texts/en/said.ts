// What the meter says, in the words of this language: by the meter's own English words. What
// stands here neither for reasons nor for settings is shown as the meter says it.

export const said = {
  reasons: {} as Record<string, string>,
  limits: {} as Record<string, string>,
  meanings: {} as Record<string, string>,
};
