// Shows instants in the viewer's zone. Without this script they are shown in UTC.
const parts = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

/** `2026-11-23 03:30 CET`, as the server writes it in UTC. */
function renderLocal(instant) {
  const part = Object.fromEntries(parts.formatToParts(instant).map((one) => [one.type, one.value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute} ${part.timeZoneName}`;
}

function showLocalTimes(root) {
  for (const time of root.querySelectorAll('time[data-at]')) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.getTime())) continue;
    const local = renderLocal(instant);
    if (time.dataset.at === 'ago') time.title = `${local} (${time.title})`;
    else time.textContent = time.dataset.at === 'day' ? local.slice(0, 10) : local;
  }
}

showLocalTimes(document);
for (const zone of document.querySelectorAll('[data-zone]')) {
  zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// Keeps parts up to date. The server escapes what it sends, as in the page itself.
for (const part of document.querySelectorAll('[data-live]')) {
  const source = new EventSource(part.dataset.live);
  source.addEventListener('message', ({ data }) => {
    part.innerHTML = data;
    showLocalTimes(part);
  });
  source.addEventListener('end', ({ data }) => {
    source.close();
    window.location.replace(data);
  });
  // A browser asks no more where it was refused, as after the end of a session. The page itself, loaded
  // again as often as without this script, says why or leads to a new session.
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => window.location.reload(), 5_000);
  });
}

// One box chooses all in its form. Without this script there is none.
for (const box of document.querySelectorAll('[data-choose-all]')) {
  box.hidden = false;
  box.addEventListener('change', () => {
    for (const one of box.form.elements) {
      if (one.type === 'checkbox' && one.name !== '') one.checked = box.checked;
    }
  });
}
