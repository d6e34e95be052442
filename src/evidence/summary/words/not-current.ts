/** Said of a control that the newest full sweep did not check, as when the policy has let go of it. */
export const notCurrent = 'not by the newest one';
