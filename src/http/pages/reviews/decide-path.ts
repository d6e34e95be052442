/** Where the form of a sheet is sent to by somebody who has signed in. */
export const decideAction = '/actions/review/decide';
