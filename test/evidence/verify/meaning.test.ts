import { saysWhatIsOpen } from './meaning-suite.ts';
import { verifyHere } from './scenes.ts';

saysWhatIsOpen(verifyHere);
