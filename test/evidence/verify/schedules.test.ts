import { verifyHere } from './scenes.ts';
import { knowsEverySchedule } from './schedules-suite.ts';

knowsEverySchedule(verifyHere);
