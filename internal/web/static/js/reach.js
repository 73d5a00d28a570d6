// A table that does not fit is scrolled: by the arrow keys too, which need a place to be pressed.
export function reachTables(root) {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const fits = target.scrollWidth <= target.clientWidth && target.scrollHeight <= target.clientHeight
      if (fits) target.removeAttribute('tabindex')
      else target.tabIndex = 0
    }
  })
  for (const table of root.querySelectorAll('.table')) {
    table.role = 'group'
    table.ariaLabel = table.closest('details, section')?.querySelector('summary, h2')?.textContent.trim() ?? document.title
    watch.observe(table)
  }
}
