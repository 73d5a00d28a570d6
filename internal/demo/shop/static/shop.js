// Tells the shop's server the number by which the tag knows this browser, where it does.
(function () {
  'use strict'
  var known
  try {
    known = JSON.parse(localStorage.getItem('_trb'))
  } catch (e) { /* not allowed here */ }
  document.querySelectorAll('input[name=visitor]').forEach(function (field) {
    field.value = (known && known.visitor) || ''
  })
})()
