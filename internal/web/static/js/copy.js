// A button with data-copy puts the text of the element with that id on the clipboard, and says so for a moment.
export function copyOnClick(root) {
  root.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]')
    if (!button) return
    const source = document.getElementById(button.dataset.copy)
    try {
      await navigator.clipboard.writeText(source.textContent.trim())
    } catch {
      getSelection().selectAllChildren(source) // not allowed here: the reader can copy what is selected
      return
    }
    const word = button.querySelector('span')
    const before = word.textContent
    word.textContent = button.dataset.done
    button.classList.add('done')
    setTimeout(() => {
      word.textContent = before
      button.classList.remove('done')
    }, 1600)
  })
}
