import { plainText } from '../../../evaluate/policy/plain-text.ts';
import type { Wrong } from '../../../options/address.ts';
import { checked } from '../../../options/checked.ts';

/** Checks one address without a display name, because it is used in headers and commands. */
export function wrongMailAddress(text: string): Wrong {
  const found =
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*)$/;
  return found.test(text) ? undefined : 'must be an address such as security@example.com';
}

export const mailAddress = checked(wrongMailAddress, plainText(320));
