// What the platform lacks. Every page can be read, and its forms be sent, without it.
import { readCharts } from './chart.js'
import { copyOnClick } from './copy.js'
import { weighFiles } from './creatives.js'
import { keepFresh } from './fresh.js'
import { keepTyped } from './keep.js'
import { openPalette } from './palette.js'
import { previewPostback } from './postbacks.js'
import { reachTables } from './reach.js'
import { countSelected } from './table.js'
import { switchTheme } from './theme.js'

document.documentElement.classList.add('scripted')
copyOnClick(document)
keepFresh(document)
keepTyped(document)
openPalette(document)
previewPostback(document)
countSelected(document)
switchTheme(document)
weighFiles(document)
readCharts(document)
reachTables(document)
