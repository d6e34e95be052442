/** Why somebody ends a review. */
export function ReasonField({ words }: { words: string }) {
  return (
    <p>
      <label class="wide-field">
        <span>{words}</span>
        <textarea name="reason" required maxlength={1_000} rows={3} />
      </label>
    </p>
  );
}
