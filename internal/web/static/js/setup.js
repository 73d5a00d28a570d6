// What makes the first steps quicker. Without it every step works: the words come with a button, the news with the page.

// swap takes the element with the id from another version of the page.
async function swap(id, answer) {
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById(id)
  const here = document.getElementById(id)
  if (fresh && here && fresh.innerHTML !== here.innerHTML) here.innerHTML = fresh.innerHTML
}

// A form with data-look shows in that element what its answers mean, while they are being typed.
for (const form of document.querySelectorAll('form[data-look]')) {
  let waiting
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(async () => {
      const typed = new URLSearchParams(new FormData(form))
      typed.set('look', '1')
      try {
        swap(form.dataset.look, await fetch(form.action, { method: 'POST', body: typed }))
      } catch { /* not reached: the next letter tries again */ }
    }, 350)
  })
}

// An element with data-fresh is fetched anew from there every few seconds, while somebody looks.
for (const element of document.querySelectorAll('[data-fresh]')) {
  setInterval(async () => {
    if (document.hidden) return
    try {
      swap(element.id, await fetch(element.dataset.fresh))
    } catch { /* not reached: later */ }
  }, 3000)
}

// Lists get the names of what they offer, in the page's language, so that people can search by them.
const language = document.documentElement.lang
for (const input of document.querySelectorAll('input[data-names="currency"]')) {
  const names = new Intl.DisplayNames([language], { type: 'currency', fallback: 'none' })
  for (const option of input.list.options) option.label = [option.value, names.of(option.value)].filter(Boolean).join(' – ')
}
for (const input of document.querySelectorAll('input[data-names="timezone"]')) {
  const known = new Set([...input.list.options].map((option) => option.value))
  for (const zone of Intl.supportedValuesOf?.('timeZone') ?? []) {
    if (!known.has(zone)) input.list.append(new Option('', zone))
  }
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (mine && input.value === 'UTC' && input.getAttribute('aria-invalid') !== 'true') input.value = mine
}
