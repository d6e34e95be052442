import type { Generated } from 'kysely';
import type { ReviewDecisionWord, ReviewPerson } from '../../../report/review/review-model.ts';
import type { Json, Written } from './column-types.ts';
import type { Trigger } from './sweep-tables.ts';

export interface ReviewScheduleTable {
  review: string;
  spec: string;
  first_seen_at: Date;
  decided_until: Date;
}

export interface ReviewTable {
  id: Generated<number>;
  uuid: Generated<string>;
  review: string;
  trigger: Trigger;
  due_at: Date | null;
  passed_over: Written<number>;
  opened_at: Date;
  opened_as: Json<ReviewPerson> | null;
  answer_by: Date;
  terms: Json<unknown>;
  keys: number;
  listed_hash: Buffer;
  closed_at: Date | null;
  closed_as: Json<ReviewPerson> | null;
  closed_reason: string | null;
  signed_at: Date | null;
  signed_as: Json<ReviewPerson> | null;
  signed_reason: string | null;
}

export interface ReviewSheetTable {
  review_id: number;
  sheet: number;
  owner: string | null;
  keys: number;
  answered: Written<number>;
}

export interface ReviewLinkTable {
  id: Generated<string>;
  review_id: number;
  sheet: number;
  name: string;
  mail: string | null;
  withdrawn_at: Date | null;
  withdrawn_as: Json<ReviewPerson> | null;
}

export interface ReviewKeyTable {
  review_id: number;
  place: number;
  sheet: number;
  key_id: number;
  source: string;
  key_text: string;
  listed: Json<unknown>;
  decision_id: string | null;
}

export interface ReviewDecisionTable {
  id: Generated<string>;
  review_id: number;
  place: number;
  decision: ReviewDecisionWord;
  reason: string;
  decided_as: Json<ReviewPerson>;
  decided_at: Date;
}

export interface ReviewNoticeTable {
  review_id: number;
  notice: string;
  written_at: Generated<Date>;
}
