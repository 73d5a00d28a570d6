// What makes the first steps quicker. Without it every step works: the words come with a button, the news with the page.

import { swap } from './fresh.js'

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
