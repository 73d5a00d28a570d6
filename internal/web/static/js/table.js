// A list whose rows can be selected says how many are, and has a box for all of them; its dialogs say which they are and
// what they come to. Without it each row has its own box.
export function countSelected(root) {
  for (const form of root.querySelectorAll('form[data-selects]')) {
    const all = form.querySelector('[data-all]')
    const rows = [...form.querySelectorAll('[name="row"]')]
    const count = form.querySelector('[data-count]')
    const places = form.querySelectorAll('[data-chosen]')
    const tell = () => {
      const chosen = rows.filter((row) => row.checked)
      count.textContent = chosen.length || ''
      for (const place of places) describe(place, chosen)
      all.checked = chosen.length === rows.length
      all.indeterminate = chosen.length > 0 && chosen.length < rows.length
    }
    form.addEventListener('change', (event) => {
      if (event.target === all) for (const row of rows) row.checked = all.checked
      tell()
    })
    tell() // a page that was come back to keeps its boxes
  }
}

// mostNamed is how many of the selected rows a dialog names.
const mostNamed = 5

// describe says in a dialog how many rows are selected, the first of them by name, and what they come to.
function describe(place, chosen) {
  const [sum, names] = [place.querySelector('.sum'), place.querySelector('span')]
  const listed = chosen.slice(0, mostNamed).map((row) => row.dataset.called)
  if (chosen.length > mostNamed) listed.push('…')
  names.textContent = `${chosen.length} (${listed.join(' · ')})`
  const currency = chosen[0]?.dataset.currency
  sum.hidden = !currency
  if (currency) {
    const total = chosen.reduce((all, row) => all + Number(row.dataset.worth), 0)
    sum.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency }).format(total)
  }
  place.hidden = chosen.length === 0
}
