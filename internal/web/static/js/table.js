// A list whose rows can be selected says how many are, and has a box for all of them. Without it each row has its own box.
export function countSelected(root) {
  for (const form of root.querySelectorAll('form[data-selects]')) {
    const all = form.querySelector('[data-all]')
    const rows = [...form.querySelectorAll('[name="row"]')]
    const count = form.querySelector('[data-count]')
    const tell = () => {
      const chosen = rows.filter((row) => row.checked).length
      count.textContent = chosen || ''
      all.checked = chosen === rows.length
      all.indeterminate = chosen > 0 && chosen < rows.length
    }
    form.addEventListener('change', (event) => {
      if (event.target === all) for (const row of rows) row.checked = all.checked
      tell()
    })
    tell() // a page that was come back to keeps its boxes
  }
}
