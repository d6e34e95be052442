import { z } from 'zod';
import { checked } from '../../../options/checked.ts';
import type { ChannelDescription } from '../description.ts';
import { hostName } from './host-name.ts';
import { mailAddress } from './mail-address.ts';
import { wrongSmtpUrl } from './wrong-smtp-url.ts';

export const emailChannel = {
  format: 'email',
  // Few mailboxes drop a repeated Message-ID, so only one mail is in flight: see Slack.
  pace: { inFlight: 1, spacingMs: 100 },
  secrets: { smtp: checked(wrongSmtpUrl) },
  options: {
    from: mailAddress,
    to: z.array(mailAddress).min(1, 'must name at least one recipient').max(100),
    name: hostName.optional(),
  },
  address: 'smtp',
  forOwner: (mail) => ({ to: [mail] }),
} as const satisfies ChannelDescription;
