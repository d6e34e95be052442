/** The field of a form that holds the token of its session. */
export const formTokenField = 'form-token';
