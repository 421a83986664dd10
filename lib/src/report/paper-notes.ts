/** What the paper found, for the notes of its tables' counterparts. Of the paper stands here only what could be verified. */

/** By what a table is about. */
export const paperNotes = {
  levels:
    'The paper: on PSID 8.18 for LABOR-LLM against 8.58 for CAREER, the best before it (other persons, another list of occupations).',
  alternatives:
    'The paper: off the shelf a model is far worse than any that was fitted; examples help, fine-tuning more; codes in place of ' +
    'titles hurt.',
  outcomes:
    "The paper: LABOR-LLM's AUC is above CAREER's for the unemployed, those out of the labor force and changes of occupation; its " +
    'probabilities are better calibrated than off the shelf.',
  education: "The paper: LABOR-LLM's performance is strong at every level of education.",
  representativeness:
    "The paper: LABOR-LLM's predictions represent groups of persons better than those off the shelf and CAREER's.",
  'two-years': 'The paper: the two ways correlate with 0.93, and nothing forces them to agree.',
  'more-data':
    "The paper: with other surveys' train persons besides, the smaller of two models (7 against 13 billion parameters) is the better.",
  titles: 'The paper: codes in place of titles make predictions worse.',
  covariates: 'The paper: rich interactions of demographics make predictions better.',
} as const;
